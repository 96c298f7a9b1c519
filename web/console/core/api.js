// Requests to this server. Every failure is an `ApiError` with the message of the server.
import { readJson, writeJson } from './exact_json.js';
import { noteOutcome } from './reach.js';
import { forgetSession } from './session.js';

export class ApiError extends Error {
  constructor({ status = 0, title = 'The request failed', detail = '', errors = [], instance, retryAfter }) {
    super(detail || title);
    Object.assign(this, { status, title, detail, errors, instance, retryAfter });
  }
}

/** The target of `Link: <...>; rel="next"`, or undefined. */
const nextOf = (headers) => headers.get('Link')?.match(/<([^>]*)>; rel="next"/)?.[1];

const isJson = (headers) => /[/+]json\b/.test(headers.get('Content-Type') ?? '');

/** A value for `Idempotency-Key`. A request with such a key can be sent again after a failure, and still takes effect only
 *  once. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, '0')).join('');
}

async function receive(method, target, { body, headers, signal, key }) {
  const fields = { Accept: 'application/json', ...headers };
  if (method === 'GET') fields['Atrium-Client'] = 'console'; // so that the page Requests can leave out these requests
  if (body !== undefined) fields['Content-Type'] = 'application/json';
  if (key) fields['Idempotency-Key'] = key;
  try {
    const response = await fetch(target, {
      method,
      headers: fields,
      body: body === undefined ? undefined : writeJson(body),
      signal,
    });
    const text = await response.text();
    noteOutcome(true);
    return { response, text };
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    noteOutcome(false);
    throw new ApiError({
      title: 'The server does not respond',
      detail: `${location.host} does not respond. Check that it runs; the page continues automatically when it responds again.`,
    });
  }
}

/** Sends a request. Returns {status, headers, data, next}, or throws an `ApiError`. */
export async function request(method, target, options = {}) {
  const { response, text } = await receive(method, target, options);
  const { status, headers } = response;
  const data = text && isJson(headers) ? readJson(text) : text;
  if (response.ok) return { status, headers, data, next: nextOf(headers) };
  if (status === 401 && !options.isSignIn) forgetSession();
  const retryAfter = Number(headers.get('Retry-After')) || undefined;
  const problem = typeof data === 'object' && data ? data : { title: response.statusText || `Status ${status}` };
  throw new ApiError({ ...problem, status, retryAfter });
}

export const get = (target, options) => request('GET', target, options);

/** The position in a list at which the page with the address `next` begins; undefined if there is no such page. */
export const positionOf = (next) => next && new URL(next, location.origin).searchParams.get('after');

/**
 * Reads the pages of a list, beginning with `target`, until a page has rows or the list ends. A page can be empty although
 * there is a next one, because the server examines a limited number of rows for each request. After each empty page, calls
 * `report(position)`, and stops if `report` returns false.
 */
export async function getFirstRows(target, report) {
  for (let next = target; ; ) {
    const page = await get(next);
    if (page.data.length > 0 || !page.next || !report(positionOf(page.next))) return page;
    next = page.next;
  }
}

/** Returns `path` with a query that contains the parameters that have a value. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
