// Starts `atrium demo` and takes pictures of its pages. Deletes FOLDER and writes all pictures to it, and those of the pages in
// `best` also to docs/pictures. PROGRAM is the program `atrium`; `./dev pictures` builds it and runs this script.
// usage: scripts/pictures.mjs PROGRAM FOLDER
//
// The names are PAGE-WIDTH-THEME.png in the folder, and PAGE-THEME.png in docs/pictures. The data of the demonstration are
// random, so the pictures of two runs differ.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { chromium } = createRequire(path.join(repository, 'tests/package.json'))('playwright-core');

const themes = ['light', 'dark'];
const widths = { 1280: 800, 390: 844 }; // with their heights, in pixels
const best = ['house', 'users', 'dead-letters', 'journey'];
const maxBytes = 150_000;
const query = `{
  allUsers(first: 3) {
    username
    orders(first: 2) {
      edges { node { productName status } }
    }
  }
}`;
const maxWait = 180_000; // in milliseconds

async function eventually(condition, description) {
  for (const end = Date.now() + maxWait; Date.now() < end; await delay(500)) {
    const value = await condition();
    if (value) return value;
  }
  throw new Error(`timeout while waiting for ${description}`);
}

/** Starts `atrium demo` on a free port, and calls `use` with its origin. */
async function withDemonstration(program, use) {
  const demonstration = spawn(program, ['demo', '--set', 'http.port=0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => demonstration.on('close', resolve));
  let log = '';
  demonstration.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  try {
    const origin = await eventually(() => {
      if (demonstration.exitCode !== null) throw new Error(`the demonstration did not start:\n${log}`);
      return log.match(/listening on (http:\S+)/)?.[1];
    }, 'the demonstration');
    await use(origin);
  } finally {
    demonstration.kill();
    await ended;
  }
}

async function read(origin, target) {
  const answer = await fetch(origin + target);
  if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Waits until the history has 24 samples, which takes two minutes, and until there is a dead letter. Returns the latter. */
async function waitForData(origin) {
  await eventually(async () => (await read(origin, '/console/data/history')).rows.length >= 24, 'samples of two minutes');
  return eventually(async () => (await read(origin, '/events/dead-letters?limit=1'))[0], 'a dead letter');
}

/** Waits for the data, and returns the path of each page. The keys are the PAGE of the names of pictures. */
async function findPages(origin) {
  const letter = await waitForData(origin);
  return {
    house: '/console/house',
    now: '/console/now',
    users: '/console/entities/users',
    user: '/console/entities/users/1',
    orders: '/console/entities/orders',
    events: '/console/events',
    subscriptions: '/console/events/subscriptions',
    subscription: `/console/events/subscriptions/${letter.subscription}`,
    'dead-letters': '/console/events/dead-letters',
    journey: `/console/events/${letter.event.seq}`,
    requests: '/console/requests',
    api: '/console/api',
    system: '/console/system',
    reference: '/docs',
    graphiql: `/graphql/?query=${encodeURIComponent(query)}`,
  };
}

/** Opens a page and takes pictures of it until two in a row are the same, for at most five seconds. Returns the last one. */
async function takePicture(page, url) {
  await page.goto(url);
  await page.waitForLoadState('load');
  let last = Buffer.alloc(0);
  for (let i = 0; i < 10; ++i) {
    await delay(500);
    const picture = await page.screenshot();
    if (i > 1 && picture.equals(last)) break;
    last = picture;
  }
  return last;
}

function write(file, bytes) {
  writeFileSync(file, bytes);
  console.log(`${path.relative(repository, file)}  ${Math.ceil(bytes.length / 1000)} KB`);
}

async function takeAll(browser, origin, folder) {
  const pages = await findPages(origin);
  for (const theme of themes)
    for (const [width, height] of Object.entries(widths)) {
      const context = await browser.newContext({ viewport: { width: Number(width), height }, colorScheme: theme });
      context.setDefaultTimeout(maxWait);
      const page = await context.newPage();
      for (const [name, address] of Object.entries(pages))
        write(path.join(folder, `${name}-${width}-${theme}.png`), await takePicture(page, origin + address));
      await context.close();
    }
}

/** Copies the best pictures. PNG is sharp and small for pages like these, which have few colors. */
function publishBest(folder) {
  const published = path.join(repository, 'docs/pictures');
  mkdirSync(published, { recursive: true });
  for (const name of best)
    for (const theme of themes) {
      const picture = readFileSync(path.join(folder, `${name}-1280-${theme}.png`));
      if (picture.length > maxBytes) throw new Error(`${name}-${theme} has ${picture.length} bytes, more than ${maxBytes}`);
      write(path.join(published, `${name}-${theme}.png`), picture);
    }
}

const [program, target] = process.argv.slice(2);
if (!target || !statSync(program).isFile()) {
  console.error('usage: scripts/pictures.mjs PROGRAM FOLDER');
  process.exit(2);
}
const folder = path.resolve(target);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await withDemonstration(program, (origin) => takeAll(browser, origin, folder));
  publishBest(folder);
} finally {
  await browser.close();
}
