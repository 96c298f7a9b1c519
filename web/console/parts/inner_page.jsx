// All pages except House and SignIn. They are in one script, pages/inner_pages.js, which is loaded when it is first needed.
import { useModule } from '../core/late_module.js';
import { Problem } from './problem.jsx';

const load = () => import('../pages/inner_pages.js');

/** Loads the pages before one of them is opened. If that fails, the page that is opened reports it. */
export const loadInnerPages = () => load().catch(() => {});

/** A component for the page of this name. */
export function innerPage(name) {
  return function InnerPage(properties) {
    const { module, error } = useModule(load);
    if (!module) return <Problem error={error} />;
    const Content = module[name];
    return <Content {...properties} />;
  };
}
