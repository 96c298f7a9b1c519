// For tests of subscriptions over every transport: the clients of graphql-ws and graphql-sse have the same interface.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { eventually } from './atrium.mjs';

/** Runs an operation and collects its results. */
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
  inbox.awaitEnd = () => eventually(() => inbox.isComplete || inbox.error, 'the end of an operation');
  return inbox;
}

/** Runs an operation, which must succeed and have one response, and returns this response. */
export async function singleResponse(client, query, variables) {
  const inbox = collect(client, query, variables);
  await inbox.awaitEnd();
  assert.equal(inbox.error, undefined);
  assert.equal(inbox.items.length, 1);
  return inbox.items[0];
}

export const orderCreated =
  'subscription ($username: String) { orderCreated(username: $username) { productName user { username } } }';

/** The products that `orderCreated` has emitted, without those of `expectBegun`. */
export const products = (inbox) =>
  inbox.items.map((each) => each.data.orderCreated.productName).filter((each) => each !== 'probe');

/** Places orders until one arrives, which shows that the subscription has begun. Clients are not notified of that. */
export async function expectBegun(server, inbox, username) {
  while (inbox.items.length === 0) {
    await server.addOrder(username, 'probe');
    await delay(20);
  }
}
