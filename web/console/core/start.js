// Loads what every page needs first: the session of the user, and the description of the entities.
import { signal } from '@preact/signals';

import { get } from './api.js';
import { loadDescription } from './description.js';
import { session } from './session.js';

/** The error with which `start` has failed. Undefined while `start` runs, and if it has succeeded. The status 401 does not
 *  count as a failure: it means that the browser has no session. */
export const startError = signal(undefined);

/**
 * Loads the session and the description at the same time. If there is a session, also waits for the description and for what
 * `prepare` loads, so that the page is drawn as a whole. `prepare` gets a promise that is fulfilled when the description is
 * loaded.
 */
export async function start(prepare = () => {}) {
  startError.value = undefined;
  const described = loadDescription();
  try {
    const { data } = await get('/session');
    session.value = data;
    await Promise.all([described, prepare(described)]);
  } catch (error) {
    if (error.status !== 401) startError.value = error;
  }
}
