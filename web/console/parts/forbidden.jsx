// Replaces a page for which the session lacks the scope.
import { session } from '../core/session.js';

export function Forbidden({ scope }) {
  const { name, scopes } = session.value;
  return (
    <div class="problem">
      <p class="problem-title">
        <strong>This page needs the scope {scope}</strong>
      </p>
      <p>
        You are {name}, with {scopes.length ? <code>{scopes.join(' ')}</code> : 'no scopes'}. Sign out, and sign in with a token
        that has this scope.
      </p>
    </div>
  );
}
