// What can be done with a subscription in this process.

/** An outlet sends events to the broker. The server lists it with the subscriptions of modules. */
export const isOutlet = (name) => name.startsWith('events.');

/** Why this process cannot pause the subscription, or undefined if it can. A paused subscription can always be resumed. */
export const reasonAgainstPause = ({ active, paused }) =>
  active || paused ? undefined : 'Its handler does not run in this process. Pause it where it runs.';

/** Why this process cannot replay events to the subscription, or undefined if it can. */
export function reasonAgainstReplay({ name, active }) {
  if (isOutlet(name)) return 'It has no handler: it sends events to the broker. “Send again” is on the page Subscriptions.';
  return active ? undefined : 'Its handler does not run in this process. Replay the events where it runs.';
}
