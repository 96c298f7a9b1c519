// Runs users and orders in two processes that RabbitMQ connects, as `./dev split` does. Both require tokens. For a test they
// are one server: each request and each page goes to the process that has its module, and to users if both have it.
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';

import { Atrium, atEndOf, runForAllTests } from './atrium.mjs';

/** The URL of the broker. If it is missing, the tests use one process. */
const broker = process.env.ATRIUM_BROKER;

/** The modules of the second process: all but users, so that it also runs a module that is added later. */
const otherModules = readdirSync(new URL('../../modules', import.meta.url), { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== 'users')
  .map(({ name }) => name);

const targetsOfOrders = /^\/orders\/|^\/console\/entities\/orders\b|^\/console\/events\/subscriptions\/orders\./;

class Split {
  static async start(t, settings = []) {
    const server = new Split(settings);
    atEndOf(t, () => server.dispose());
    await server.run();
    return server;
  }

  static forAllTests(fill = () => {}, settings = []) {
    return runForAllTests(new Split(settings), fill);
  }

  #settings;

  constructor(settings) {
    // Each split server has its own exchange and queues at the broker.
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

  async dispose() {
    try {
      await this.orders?.dispose();
    } finally {
      await this.users.dispose();
    }
  }

  /** The process to which a request or a page of the console goes. */
  processFor(target) {
    return targetsOfOrders.test(target) ? this.orders : this.users;
  }

  request(method, target, ...rest) {
    return this.processFor(target).request(method, target, ...rest);
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
