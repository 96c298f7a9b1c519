// The frame of a page: its title and its actions. The title gets the focus when the user goes to the page from another one.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { address } from '../core/router.js';

let isFirst = true; // whether no page has been shown yet; the title of the first page does not get the focus

export function Page({ title, name = title, trail = [], note, actions, tabs, children }) {
  const heading = useRef();
  const { path } = address.value;
  useEffect(() => {
    document.title = `${name} · Atrium`;
  }, [name]);
  useLayoutEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, [path]);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          {trail.length > 0 && (
            <nav aria-label="Breadcrumbs" class="trail">
              {trail.map(([href, text]) => (
                <span key={href}>
                  <a href={href}>{text}</a> <span aria-hidden="true">/</span>
                </span>
              ))}
            </nav>
          )}
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {note && <p class="note">{note}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {tabs}
      {children}
    </>
  );
}
