// Shows the message of the server about an error, and what can be done now.
import { session } from '../core/session.js';

function adviceFor(error) {
  if (error.status === 403)
    return `You are ${session.value?.name ?? 'not signed in'}. Sign in with a token that has this scope.`;
  if (error.status === 404) return 'It may have been deleted, or removed by a limit of its age or number.';
  if (error.status === 409) return 'Something else has changed it or is busy with it. Load it again, then repeat.';
  if (error.status === 429) return `Too many requests. Wait ${error.retryAfter ?? 'some'} seconds, then repeat.`;
  if (error.status === 503)
    return `The server is busy${error.retryAfter ? `; repeat in ${error.retryAfter} s` : ''}. Nothing was changed.`;
  if (error.status >= 500) return 'The log of the server has the reason under the id of the request.';
  return undefined;
}

const placeOf = ({ pointer, parameter }) => pointer?.slice(1).replaceAll('/', '.') ?? parameter ?? '';

function MarkedFields({ number }) {
  return (
    <div class="problem" role="alert">
      <p>
        Nothing was saved: {number === 1 ? 'one field needs' : `${number} fields need`} a correction, which is written below it.
      </p>
    </div>
  );
}

/** `hidden` has the pointers of the errors that are already shown beside their fields. */
export function Problem({ error, hidden = [], children }) {
  if (!error) return null;
  const others = (error.errors ?? []).filter(({ pointer }) => !hidden.includes(pointer));
  const advice = adviceFor(error);
  if (error.errors?.length > 0 && others.length === 0) return <MarkedFields number={error.errors.length} />;
  return (
    <div class="problem" role="alert">
      <p class="problem-title">
        <strong>{error.title ?? 'This page has an error'}</strong>
        {error.status ? <span class="code">{error.status}</span> : null}
      </p>
      {error.detail || error.message ? <p>{error.detail || error.message}</p> : null}
      {others.length > 0 && (
        <ul>
          {others.map((each) => (
            <li key={placeOf(each)}>
              <code>{placeOf(each)}</code> {each.detail}
            </li>
          ))}
        </ul>
      )}
      {advice && <p class="muted">{advice}</p>}
      {error.instance && (
        <p class="muted small">
          Request{' '}
          <a href={`/console/requests?request_id=${encodeURIComponent(error.instance)}&console=true`}>{error.instance}</a>
        </p>
      )}
      {children}
    </div>
  );
}
