// The newest events, kept up to date by the stream of the server. The stream is closed while the tab is hidden, and continues
// after the last event that was seen.
import { useEffect, useRef, useState } from 'preact/hooks';

import { get, getFirstRows, positionOf, withQuery } from './api.js';
import { readJson } from './exact_json.js';
import { isVisible } from './live.js';

const maxEvents = 500;
const firstPage = 50;

/** Opens the stream after `seq`. Calls `receive(events)` in batches and `report(state)`; returns a function that closes it. */
function follow({ topic, seq, receive, report }) {
  const source = new EventSource(withQuery('/events/stream', { topic, after: seq }));
  let batch = [];
  let timer;
  const flush = () => {
    timer = undefined;
    const events = batch;
    batch = [];
    receive(events);
  };
  source.onopen = () => report('live');
  source.onmessage = ({ data }) => {
    if (!data) return;
    batch.push(readJson(data));
    timer ??= setTimeout(flush, 100);
  };
  source.onerror = () => report(source.readyState === EventSource.CLOSED ? 'closed' : 'connecting');
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Removes repeated events. */
function unique(events) {
  const seen = new Set();
  return events.filter(({ seq }) => !seen.has(String(seq)) && seen.add(String(seq)));
}

/** Adds newer events to the view. The oldest ones beyond `maxEvents` are dropped, unless the user has loaded more than that. */
function withNewer(view, newer) {
  const all = unique([...newer, ...view.events]);
  const events = all.slice(0, Math.max(maxEvents, view.events.length));
  return { ...view, events, after: events.length < all.length ? events.at(-1).seq : view.after };
}

/**
 * Reads the newest events that match a filter, or only those before the seq `after`. Returns {events, after}, in which `after`
 * is the seq to continue with, or undefined if there are no older events. As long as no event has matched, calls `report(seq)`
 * from time to time, and stops if `report` returns false.
 */
async function readOlder(filter, after, report) {
  const page = await getFirstRows(withQuery('/events/', { ...filter, order: 'newest', limit: firstPage, after }), report);
  return { events: page.data, after: positionOf(page.next) };
}

const fits = ({ key, since }, event) => (!key || event.subject === key) && (!since || new Date(event.time) >= new Date(since));

/**
 * Returns the newest events that match a filter, and keeps them up to date: {events, hasMore, searchedTo, error, state}. While
 * older events are searched, `searchedTo` is the seq of the oldest event that was examined. `state` describes the stream: live,
 * connecting, closed or ended.
 */
export function useEventFeed({ topic, key, since, until }) {
  const [view, setView] = useState({});
  const [error, setError] = useState();
  const [state, setState] = useState('connecting');
  const [turn, setTurn] = useState(0); // changes when reading has to start again from the beginning
  const [start, setStart] = useState(); // the search that the stream continues; a change of it replaces the stream
  const search = useRef(); // {filter}: the current search; the outcomes of earlier ones are ignored
  const position = useRef(); // the seq of the newest event that was read; the stream begins after it
  const visible = isVisible.value;
  const isLive = !until;

  const show = (ownSearch, found, rest) => {
    setView((old) => {
      const before = old.search === ownSearch ? old.events : [];
      return { search: ownSearch, events: unique([...before, ...found]), ...rest };
    });
    setStart(ownSearch);
  };
  const searchOlder = async (ownSearch, after) => {
    const report = (seq) => {
      if (search.current === ownSearch) show(ownSearch, [], { after: seq, searchedTo: seq });
      return search.current === ownSearch;
    };
    const found = await readOlder(ownSearch.filter, after, report);
    if (search.current === ownSearch) show(ownSearch, found.events, { after: found.after });
  };
  // Reads the seq of the newest event before it searches. A stream that begins after this seq misses nothing. If the stream
  // began after the newest event that matches instead, it could begin at a very old event.
  const begin = async (ownSearch) => {
    const newest = await get(withQuery('/events/', { order: 'newest', limit: 1 }));
    if (search.current !== ownSearch) return;
    position.current = newest.data[0]?.seq ?? 0;
    await searchOlder(ownSearch);
  };
  const attempt = (ownSearch, work) => work.catch((failure) => search.current === ownSearch && setError(failure));

  useEffect(() => {
    const ownSearch = { filter: { topic, key, since, until } };
    search.current = ownSearch;
    setStart(undefined);
    setError(undefined);
    attempt(ownSearch, begin(ownSearch));
    return () => (search.current = undefined);
  }, [topic, key, since, until, turn]);

  useEffect(() => {
    if (!start || !visible || !isLive) return undefined;
    setState('connecting');
    const receive = (batch) => {
      position.current = batch[batch.length - 1].seq;
      const fitting = batch.filter((event) => fits(start.filter, event)).reverse();
      if (fitting.length > 0) setView((old) => withNewer(old, fitting));
    };
    return follow({ topic: start.filter.topic, seq: position.current, receive, report: setState });
  }, [start, visible, isLive]);

  const { events, after, searchedTo } = view;
  return {
    events,
    searchedTo,
    hasMore: after !== undefined,
    error,
    state: isLive ? state : 'ended',
    loadMore: () => attempt(search.current, searchOlder(search.current, after)),
    restart: () => setTurn(turn + 1),
  };
}
