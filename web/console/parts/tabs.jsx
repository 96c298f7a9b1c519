// Links to the pages of one area.
import { address } from '../core/router.js';

export function Tabs({ label, items }) {
  const { path } = address.value;
  const isCurrent = ({ href, isExact }) => path === href || (!isExact && path.startsWith(`${href}/`));
  return (
    <nav class="tabs" aria-label={label}>
      {items.map((each) => (
        <a key={each.href} href={each.href} aria-current={isCurrent(each) ? 'page' : undefined}>
          {each.text}
          {each.count ? <span class="count">{each.count}</span> : null}
        </a>
      ))}
    </nav>
  );
}
