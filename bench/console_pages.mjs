// Opens the pages of the console with the data of bench/console.py, and uses the controls in them that send requests.
// usage: bench/console_pages.mjs ORIGIN [first]
//
// Prints JSON: [{name, milliseconds, requests: [{method, target, body}]}]. `milliseconds` is the time from
// the opening of the page, or from the start of an action, until the last change of the page.
//
// With `first` it opens only the first page, ten times in a browser with an empty cache, and prints [{drawn, complete}]: the
// milliseconds from the first byte of the document until something is drawn, and until the last change.
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { chromium } = createRequire(path.join(repository, 'tests/package.json'))('playwright-core');

const [origin, part] = process.argv.slice(2);
const patience = 60_000; // milliseconds after which the benchmark fails if a page is not complete
const quiet = 200; // milliseconds without a request, after which a page is complete

/** Runs in the page. Records the time of its last change. */
function observeChanges() {
  globalThis.lastChange = 0;
  new MutationObserver(() => (globalThis.lastChange = performance.now())).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
}

class Visitor {
  #page;
  #pending = new Set();
  #requests = [];
  #lastActivity = 0;
  views = [];

  static async begin(browser) {
    const visitor = new Visitor();
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    context.setDefaultTimeout(patience);
    await context.addInitScript(observeChanges);
    visitor.#page = await context.newPage();
    const finish = (request) => {
      visitor.#lastActivity = Date.now();
      visitor.#pending.delete(request);
    };
    context.on('request', (request) => visitor.#note(request));
    context.on('requestfinished', finish);
    context.on('requestfailed', finish);
    return visitor;
  }

  #note(request) {
    if (request.resourceType() === 'eventsource') return;
    this.#lastActivity = Date.now();
    this.#pending.add(request);
    if (request.resourceType() !== 'fetch') return;
    const { pathname, search } = new URL(request.url());
    this.#requests.push({ method: request.method(), target: pathname + search, body: request.postData() });
  }

  async #settle() {
    for (const end = Date.now() + patience; ; await delay(10)) {
      const isComplete = this.#pending.size === 0 && Date.now() > this.#lastActivity + quiet;
      if (isComplete && (await this.#page.locator('.skeleton, main[aria-busy="true"]').count()) === 0) return;
      if (Date.now() > end) throw new Error(`${this.#page.url()} does not become complete`);
    }
  }

  async #record(name, act) {
    this.#requests = [];
    const begin = await act();
    await this.#settle();
    const milliseconds = (await this.#page.evaluate(() => globalThis.lastChange)) - begin;
    const problems = await this.#page.locator('.problem').allTextContents();
    if (problems.length > 0) throw new Error(`${name}: ${problems.join(' ')}`);
    this.views.push({ name, milliseconds, requests: this.#requests });
  }

  /** Opens an address. */
  open(address) {
    return this.#record(`\`${address}\``, async () => {
      await this.#page.goto('about:blank'); // ends the requests of the previous page
      this.#pending.clear();
      this.#requests = [];
      await this.#page.goto(origin + address);
      return 0;
    });
  }

  /** The times of the page that is open, in milliseconds from the first byte of its document. */
  times() {
    return this.#page.evaluate(() => {
      const { responseStart } = performance.getEntriesByType('navigation')[0];
      const { startTime } = performance.getEntriesByName('first-contentful-paint')[0];
      return { drawn: startTime - responseStart, complete: globalThis.lastChange - responseStart };
    });
  }

  close = () => this.#page.context().close();

  /** Does something on the page that is open. */
  act(name, action) {
    return this.#record(name, async () => {
      const begin = await this.#page.evaluate(() => performance.now());
      await action(this.#page);
      return begin;
    });
  }

  /** Sorts the list of the page by each of its columns, in both directions. */
  async sort(list) {
    const heads = this.#page.locator('button.sort');
    for (let column = 0; column < (await heads.count()); column += 1)
      for (let turn = 0; turn < 2; turn += 1) await this.act(`${list}, sorted`, () => heads.nth(column).click());
  }

  /** Returns a function that clicks a button of a page. */
  clickButton = (name) => (page) => page.getByRole('button', { name, exact: true }).first().click();

  /** Opens the dialog of an action on many dead letters or events, waits until it has counted them, and closes it. */
  async openDialog(name) {
    const address = this.#page.url().slice(origin.length);
    await this.act(`\`${address}\`, ${name}`, this.clickButton(name));
    await this.#page.getByText('Nothing is changed yet.').waitFor();
    await this.#page.keyboard.press('Escape');
  }
}

const read = async (target) => (await fetch(origin + target)).json();

async function visitPages(visitor) {
  await visitor.open('/');
  await visitor.open('/console/now');
  await visitor.open('/console/api');
  await visitor.open('/console/system');
  const route = encodeURIComponent('/orders/');
  for (const filter of ['', `?route=${route}`, '?status=5xx', '?method=GET&min_duration=0.001', '?principal=absent'])
    await visitor.open(`/console/requests${filter}`);
}

async function visitEntities(visitor) {
  const users = ['', 'search=u', 'search=u00000', 'search=absent', 'username=u0000007', 'email=u0000007%40example.com'];
  const orders = ['', 'user=u0000001', 'user=u0000007', 'user=absent', 'status=placed', 'status=cancelled'];
  orders.push('product_name=tea', 'product_name=p', 'product_name=absent', 'user=u0000001&status=cancelled');
  orders.push('user=u0000001&product_name=tea', 'status=cancelled&product_name=tea', 'status=cancelled&product_name=absent');
  for (const [list, filters] of Object.entries({ users, orders }))
    for (const filter of filters) {
      await visitor.open(`/console/entities/${list}${filter && '?'}${filter}`);
      if (!/search|product_name/.test(filter)) await visitor.sort(`\`${list}?${filter}\``);
    }
  await visitor.act('`Copy as GraphQL`', visitor.clickButton('Copy as GraphQL'));
  for (const one of ['users/1', 'users/7', 'users/999999', 'orders/1', 'orders/2999998'])
    await visitor.open(`/console/entities/${one}`);
  await visitor.open('/console/entities/orders/new');
}

async function visitEvents(visitor) {
  const [newest] = await read('/events/?order=newest&limit=1');
  const middle = await read(`/events/${Math.floor(newest.seq / 2)}`);
  const time = encodeURIComponent(middle.event.time);
  const topics = ['topic=orders.%23', 'topic=users.*', 'topic=absent.%23'];
  const keys = [`key=${newest.subject}`, `key=${middle.event.subject}`, 'key=absent/1'];
  const log = ['', ...topics, ...keys, `since=${time}`, `until=${time}`, `topic=users.*&until=${time}`];
  for (const filter of log) await visitor.open(`/console/events${filter && '?'}${filter}`);
  await visitor.act('`Load older events`', visitor.clickButton('Load older events'));
  await visitor.open('/console/events/subscriptions');
  for (const { name } of await read('/events/subscriptions')) await visitor.open(`/console/events/subscriptions/${name}`);
  await visitor.open('/console/events/subscriptions/users.order_statistics');
  await visitor.openDialog('Replay…');
  for (const page of ['operations', 'archive', 'publish']) await visitor.open(`/console/events/${page}`);

  const [letter] = await read('/events/dead-letters?limit=1');
  for (const { seq } of [letter, newest, middle]) await visitor.open(`/console/events/${seq}`);
  const filters = ['error=absent', 'error=too%20long', 'error=service%20ab', ...topics];
  filters.push('subscription=orders.user_names', 'subscription=users.order_statistics', 'subscription=absent', 'group=7');
  for (const filter of ['', ...filters]) await visitor.open(`/console/events/dead-letters${filter && '?'}${filter}`);
  filters.push('group=101', `key=${letter.key}`, 'key=absent/1', `since=${time}`, `until=${time}`, 'group=101&error=absent');
  for (const filter of ['', ...filters]) await visitor.open(`/console/events/dead-letters?view=list${filter && '&'}${filter}`);
  await visitor.open(`/console/events/dead-letters/${letter.id}`);
  const counted = ['', 'group=101', 'subscription=orders.user_names', 'topic=users.*', 'error=too%20long', `since=${time}`];
  for (const filter of counted) {
    await visitor.open(`/console/events/dead-letters?view=list${filter && '&'}${filter}`);
    await visitor.openDialog('Retry…');
    await visitor.openDialog('Discard…');
  }
}

async function visitAll(browser) {
  const visitor = await Visitor.begin(browser);
  await visitor.open('/'); // fills the caches of the browser
  visitor.views = [];
  await visitPages(visitor);
  await visitEntities(visitor);
  await visitEvents(visitor);
  return visitor.views.map((each) => ({ ...each, milliseconds: Math.max(0, each.milliseconds) }));
}

async function openFirstPage(browser) {
  const times = [];
  for (let round = 0; round < 11; round += 1) {
    const visitor = await Visitor.begin(browser);
    await visitor.open('/');
    times.push(await visitor.times());
    await visitor.close();
  }
  return times.slice(1); // in the first round, the browser also starts processes
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  console.log(JSON.stringify(await (part === 'first' ? openFirstPage : visitAll)(browser)));
} finally {
  await browser.close();
}
