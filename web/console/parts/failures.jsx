// The failed attempts of a delivery, the oldest first.
import { Time } from './time.jsx';

export function Failures({ errors }) {
  return (
    <ol class="failures">
      {errors.map((each) => (
        <li key={`${each.at} ${each.attempt}`}>
          <span class="muted">
            Attempt {each.attempt}, <Time value={each.at} precise />
          </span>
          <pre class="error-text" tabIndex={0} role="group" aria-label={`Error of attempt ${each.attempt}`}>
            {each.error}
          </pre>
        </li>
      ))}
    </ol>
  );
}
