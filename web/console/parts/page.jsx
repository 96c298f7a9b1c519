// The frame of a page: its title, which gets the focus when the page opens, and its actions.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { address } from '../core/router.js';

let isFirst = true;

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
