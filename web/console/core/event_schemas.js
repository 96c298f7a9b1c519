// The structure of the data of events, from /asyncapi.json. If the server has no such document, any data can be entered.
import { get } from './api.js';
import { resolve } from './description.js';

const samples = { integer: 1, number: 1, boolean: true, array: [], object: {} };

function sampleOf(document, schema) {
  const { type, properties, enum: words, default: value } = resolve(document, schema);
  if (value !== undefined) return value;
  if (words) return words[0];
  if (!properties) return samples[type] ?? '';
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, sampleOf(document, each)]));
}

/** Returns {topic: example data} for each topic that the server publishes. */
export async function examplesByTopic() {
  const { data: document } = await get('/asyncapi.json');
  const found = {};
  for (const channel of Object.values(document.channels ?? {})) {
    for (const message of Object.values(channel.messages ?? {})) {
      const payload = resolve(document, resolve(document, message).payload);
      const data = payload.properties?.data ?? payload;
      found[channel.address] = sampleOf(document, data);
    }
  }
  return found;
}
