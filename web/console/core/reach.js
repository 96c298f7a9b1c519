// Whether the server responds, according to the latest requests of the page.
import { signal } from '@preact/signals';

/** Whether the latest request has got no response. */
export const isUnreachable = signal(false);

let latest = Date.now();

/** The milliseconds since the latest response. */
export const timeSinceResponse = () => Date.now() - latest;

/** Called after each request. */
export function noteOutcome(hasResponded) {
  if (hasResponded) latest = Date.now();
  isUnreachable.value = !hasResponded;
}
