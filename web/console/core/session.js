// The sender of the requests, and what the sender may do.
import { signal } from '@preact/signals';

/** {name, scopes, expires}; null if the server requires a credential; undefined until the server has responded. */
export const session = signal(undefined);

export const forgetSession = () => (session.value = null);

/** Whether the session has the scope. Routes that require no scope have "open" or "authenticated" instead of a scope. */
export function can(scope) {
  const scopes = session.value?.scopes ?? [];
  return !scope || scope === 'open' || scope === 'authenticated' || scopes.includes('admin') || scopes.includes(scope);
}

/** Why an action with this requirement is not allowed, or undefined if it is allowed. */
export const reasonAgainst = (scope) =>
  can(scope) ? undefined : `Needs the scope ${scope}. ${session.value?.name ?? 'This session'} does not have it.`;

/** Whether there is a session that can end. Without credentials (auth.mode "none") everyone is "anonymous". */
export const isSignedIn = () => Boolean(session.value) && session.value.name !== 'anonymous';
