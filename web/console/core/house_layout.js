// Computes where the drawing of the house has its parts, in three columns: routes, modules, and topics with subscriptions. All
// sizes are in the units of the drawing.
import { matches } from './topics.js';

export const row = 24; // the height of a line
const gap = 40; // between two boxes
const inner = 12; // between the border of a box and its content
const minRemoteHeight = 68;
export const columns = {
  routes: { left: 0, right: 318 },
  modules: { left: 380, right: 528 },
  topics: { left: 590, right: 866 },
};
export const width = 940;

function rowsFrom(items, top) {
  return items.map((item, index) => ({ ...item, y: top + index * row + row / 2 }));
}

/** Returns the house with further modules: the owners of subscriptions that belong to no module of this process. An owner is
 *  either a module in another process, which has the URL of that process if this process calls it, or only a name, such as
 *  "demo" for the subscription demo.unreliable. */
export function ownersOf(house) {
  const names = new Set(house.modules.map(({ name }) => name));
  const isForeign = ({ module }) => !names.has(module);
  const subscriptions = house.subscriptions.map((each) =>
    isForeign(each) ? { ...each, module: each.name.split('.')[0] } : each,
  );
  const others = [...new Set(subscriptions.filter(isForeign).map(({ module }) => module))];
  const urlOf = (name) => house.remotes?.find((each) => each.name === name)?.url;
  const isModule = (name) => house.subscriptions.some(({ module }) => module === name);
  const owners = others.map((name) => ({ name, url: urlOf(name), isElsewhere: isModule(name), routes: [] }));
  return { ...house, subscriptions, modules: [...house.modules, ...owners] };
}

function placeModule(module, house, top) {
  const routes = rowsFrom(module.routes, top + inner);
  const topics = rowsFrom(
    house.topics.filter((each) => each.module === module.name),
    top + inner,
  );
  const subscriptions = rowsFrom(
    house.subscriptions.filter((each) => each.module === module.name),
    top + inner + topics.length * row + (topics.length > 0 ? row / 2 : 0),
  );
  const count = Math.max(
    routes.length,
    topics.length + subscriptions.length + (topics.length && subscriptions.length ? 0.5 : 0),
    2,
  );
  const { name, url, isElsewhere, calls = [] } = module;
  return { name, url, isElsewhere, calls, routes, topics, subscriptions, top, height: count * row + 2 * inner };
}

/** Topics that subscriptions receive although no module of this process publishes them. */
function foreignTopics(house) {
  const patterns = new Set(house.subscriptions.flatMap((each) => each.topics));
  return [...patterns].filter((pattern) => !house.topics.some(({ name }) => matches(pattern, name)));
}

/** The other processes whose modules are not among the owners, each with the topics that it publishes. */
export function remotesOf(house) {
  const foreign = foreignTopics(house);
  const owners = new Set(ownersOf(house).modules.map(({ name }) => name));
  const remotes = (house.remotes ?? []).filter(({ name }) => !owners.has(name));
  const isOf = (remote, topic) => topic.startsWith(`${remote.name}.`);
  const known = remotes.map((remote) => ({ ...remote, topics: foreign.filter((topic) => isOf(remote, topic)) }));
  const others = foreign.filter((topic) => !remotes.some((remote) => isOf(remote, topic)));
  const all = others.length > 0 ? [...known, { name: 'elsewhere', topics: others }] : known;
  return all.map((each) => ({ ...each, topics: each.topics.map((name) => ({ name })) }));
}

/** Returns {blocks, remotes, links, height}. A link leads from a topic to a subscription that receives it. */
export function placeHouse(facts) {
  const house = ownersOf(facts);
  const blocks = [];
  let top = 34;
  for (const module of house.modules) {
    const block = placeModule(module, house, top);
    blocks.push(block);
    top += block.height + gap;
  }
  const remotes = [];
  for (const remote of remotesOf(house)) {
    const topics = rowsFrom(remote.topics, top + inner);
    const height = Math.max(minRemoteHeight, topics.length * row + 2 * inner);
    remotes.push({ ...remote, topics, top, height });
    top += height + gap;
  }
  const height = top - gap + 2;
  const topics = [...blocks, ...remotes].flatMap((each) => each.topics);
  const links = blocks
    .flatMap((each) => each.subscriptions)
    .flatMap((subscription) =>
      topics
        .filter(({ name }) => subscription.topics.some((pattern) => matches(pattern, name)))
        .map((topic) => ({ topic, subscription })),
    );
  return { blocks, remotes, links, height };
}

/** The width of an arrow, which shows its rate on a logarithmic scale. */
export const strokeOf = (rate) => (rate ? Math.min(4, 1 + Math.log10(1 + rate)) : 1);
