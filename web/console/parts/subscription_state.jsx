// The state of a subscription as one word.
import { Status } from './status.jsx';

export function SubscriptionState({ value }) {
  if (value.paused) return <Status kind="warn">paused</Status>;
  if (!value.claimed) return <Status kind="bad">no module has it</Status>;
  if (!value.active) return <Status kind="muted">not handled here</Status>;
  if (value.backoff !== 0) return <Status kind="warn">retrying</Status>;
  return <Status kind="good">active</Status>;
}
