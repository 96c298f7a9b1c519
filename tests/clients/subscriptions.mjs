// What the tests of subscriptions share, whatever carries them: the clients of graphql-ws and graphql-sse have one form.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { eventually } from './atrium.mjs';

/** Runs an operation and keeps what comes of it. */
export function collect(client, query, variables) {
  const inbox = { items: [], isComplete: false, error: undefined };
  inbox.stop = client.subscribe(
    { query, variables },
    {
      next: (item) => inbox.items.push(item),
      error: (error) => (inbox.error = error),
      complete: () => (inbox.isComplete = true),
    },
  );
  inbox.ended = () => eventually(() => inbox.isComplete || inbox.error, 'the end of an operation');
  return inbox;
}

/** The one answer of an operation that succeeds. */
export async function once(client, query, variables) {
  const inbox = collect(client, query, variables);
  await inbox.ended();
  assert.equal(inbox.error, undefined);
  assert.equal(inbox.items.length, 1);
  return inbox.items[0];
}

export const orderCreated = 'subscription ($of: String) { orderCreated(username: $of) { productName user { username } } }';

/** The products in what `orderCreated` has told. */
export const products = (inbox) => inbox.items.map((each) => each.data.orderCreated.productName).filter((each) => each !== 'probe');

/** Nobody is told that a subscription has begun, so this places orders until one arrives. */
export async function begun(server, inbox, username) {
  while (inbox.items.length === 0) {
    await server.addOrder(username, 'probe');
    await delay(20);
  }
}
