// The address of the page. Links are ordinary links; those to other pages of the console do not load a new document.
import { signal } from '@preact/signals';

const read = () => ({ path: location.pathname, query: Object.fromEntries(new URLSearchParams(location.search)) });

/** {path, query} of the page. */
export const address = signal(read());

const belongsToConsole = (path) => path === '/' || (path.startsWith('/console') && !path.startsWith('/console/assets/'));

export function navigate(target, { replace = false } = {}) {
  const before = location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', target);
  address.value = read();
  if (location.pathname !== before) scrollTo(0, 0);
}

/** Changes parameters of the address; an empty value removes one. */
export function setQuery(changes, { replace = true } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === '') query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString();
  navigate(location.pathname + (text ? `?${text}` : ''), { replace });
}

function followLink(event) {
  const link = event.target.closest?.('a[href]');
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute('download')) return;
  const target = new URL(link.href?.baseVal ?? link.href, location.href);
  if (target.origin !== location.origin || !belongsToConsole(target.pathname) || target.hash) return;
  event.preventDefault();
  navigate(target.pathname + target.search);
}

export function startRouter() {
  addEventListener('popstate', () => (address.value = read()));
  document.addEventListener('click', followLink);
}
