// A part of a page with a title of its own.
import { useId } from 'preact/hooks';

export function Section({ title, action, children }) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{title}</h2>
        {action && <div class="actions">{action}</div>}
      </header>
      {children}
    </section>
  );
}
