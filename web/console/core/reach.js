// Whether the server responds, as the requests of the page have found it.
import { signal } from '@preact/signals';

/** Whether the latest request has got no response. */
export const isUnreachable = signal(false);

let latest = Date.now();

/** How long ago a request got a response, in milliseconds. */
export const silence = () => Date.now() - latest;

/** Called after each request. */
export function noteOutcome(hasResponded) {
  if (hasResponded) latest = Date.now();
  isUnreachable.value = !hasResponded;
}
