// Runs users and orders in two processes that RabbitMQ connects, as `./dev split` does. Both require tokens. For a test they
// are one server: each request and each page goes to the process that has its module, and to users if both have it.
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';

import { Atrium, atEndOf, runForAll } from './atrium.mjs';

/** The URL of the broker. If it is missing, there is no split. */
const broker = process.env.ATRIUM_BROKER;

/** A module that is added to Atrium runs beside orders. */
const otherModules = readdirSync(new URL('../../modules', import.meta.url), { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== 'users')
  .map(({ name }) => name);

const ofOrders = /^\/orders\/|^\/console\/entities\/orders\b|^\/console\/events\/subscriptions\/orders\./;

class Split {
  static async start(t, settings = []) {
    const server = new Split(settings);
    atEndOf(t, () => server.leave());
    await server.run();
    return server;
  }

  static forAll(fill = () => {}, settings = []) {
    return runForAll(new Split(settings), fill);
  }

  #settings;

  constructor(settings) {
    // An exchange and queues of its own at the broker.
    const exchange = `atrium.events.${randomUUID()}`;
    this.#settings = [
      ...settings,
      'auth.mode=token',
      'bus.adapter=rabbitmq',
      `bus.rabbitmq.url=${broker}`,
      `bus.rabbitmq.exchange=${exchange}`,
    ];
    this.users = new Atrium([...this.#settings, 'modules.enabled=["users"]']);
  }

  async run() {
    const caller = await this.users.makeToken('orders', ['users:read']);
    await this.#runAsAdministrator(this.users);
    this.orders = new Atrium([
      ...this.#settings,
      `modules.enabled=${JSON.stringify(otherModules)}`,
      `modules.orders.users_url=${this.users.origin}`,
      `modules.orders.users_token=${caller}`,
    ]);
    await this.#runAsAdministrator(this.orders);
  }

  async #runAsAdministrator(server) {
    server.token = await server.makeToken('administrator', ['admin']);
    await server.run();
  }

  async leave() {
    try {
      await this.orders?.leave();
    } finally {
      await this.users.leave();
    }
  }

  /** The process to which a request or a page of the console goes. */
  at(target) {
    return ofOrders.test(target) ? this.orders : this.users;
  }

  request(method, target, ...rest) {
    return this.at(target).request(method, target, ...rest);
  }

  addUser(...rest) {
    return this.users.addUser(...rest);
  }

  addOrder(...rest) {
    return this.orders.addOrder(...rest);
  }
}

export const isSplit = Boolean(broker);

/** One process, or two if the environment variable ATRIUM_BROKER has the URL of a broker. */
export const Server = isSplit ? Split : Atrium;
