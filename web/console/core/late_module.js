// Parts of the script that are loaded when they are needed, so that the first page does not wait for them.
import { useLayoutEffect, useState } from 'preact/hooks';

import { ApiError } from './api.js';

const failure = new ApiError({
  title: 'A file of the console cannot be loaded',
  detail: 'The server does not respond, or it has been upgraded since this page was opened. Load the page again.',
});

const modules = new Map();

/** Calls `load`, a function that calls import(). Returns {module, error}: `module` is undefined until it is loaded, and `error`
 *  is undefined unless loading has failed. */
export function useModule(load) {
  const [error, setError] = useState();
  const [module, setModule] = useState(modules.get(load));
  useLayoutEffect(() => {
    if (module) return;
    load().then(
      (loaded) => {
        modules.set(load, loaded);
        setModule(loaded);
      },
      () => setError(failure),
    );
  }, []);
  return { module, error };
}
