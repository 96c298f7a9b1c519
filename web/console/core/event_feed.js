// The newest events, kept up to date by the stream of the server. The stream is closed while the tab is hidden, and continues
// after the last event that was seen.
import { useEffect, useRef, useState } from 'preact/hooks';

import { get, withQuery } from './api.js';
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

/** Merges two lists of events: the newest first, each event once, and at most as many as the page shows. */
function merged(newer, older) {
  const seen = new Set();
  const isNew = ({ seq }) => !seen.has(String(seq)) && seen.add(String(seq));
  return [...newer, ...older].filter(isNew).slice(0, Math.max(maxEvents, older.length));
}

const maxEmptyPages = 20; // each examines some thousand events

/** Reads a page from `target`. The server may return an empty page that has a next one; such pages are passed over. */
async function readPage(target) {
  let page = await get(target);
  for (let read = 1; page.next && page.data.length === 0 && read < maxEmptyPages; read += 1) page = await get(page.next);
  return { events: page.data, next: page.next };
}

/**
 * Reads the first page of a filter. The end of the journal is read before it, so that a stream that begins there misses
 * nothing, and does not begin at an old event only because few of them match.
 */
async function readStart(filter) {
  const newest = await get(withQuery('/events/', { order: 'newest', limit: 1 }));
  const page = await readPage(withQuery('/events/', { ...filter, order: 'newest', limit: firstPage }));
  return { position: newest.data[0]?.seq ?? 0, ...page };
}

/** The address of the events that follow those shown. */
const olderThan = (filter, events) =>
  withQuery('/events/', { ...filter, order: 'newest', limit: firstPage, after: events[events.length - 1].seq });

const fits = ({ key, since }, event) => (!key || event.subject === key) && (!since || new Date(event.time) >= new Date(since));

/** The filter is {topic, key, since, until}. Returns {events, hasMore, error, state}; a state is live,
 *  connecting or closed. With `hasMore` and without events, the search of the journal has not ended. */
export function useEventFeed({ topic, key, since, until }) {
  const [view, setView] = useState({});
  const [error, setError] = useState();
  const [state, setState] = useState('connecting');
  const [turn, setTurn] = useState(0); // changes when reading has to start again from the beginning
  const [start, setStart] = useState(); // where the stream starts; a change replaces the stream
  const position = useRef();
  const filter = { topic, key, since, until };
  const visible = isVisible.value;
  const isLive = !until;

  useEffect(() => {
    let isCurrent = true;
    setStart(undefined);
    setError(undefined);
    readStart(filter).then(
      (read) => {
        if (!isCurrent) return;
        position.current = read.position;
        setView(read);
        setStart({ filter });
      },
      (failure) => isCurrent && setError(failure),
    );
    return () => {
      isCurrent = false;
    };
  }, [topic, key, since, until, turn]);

  useEffect(() => {
    if (!start || !visible || !isLive) return undefined;
    setState('connecting');
    const receive = (batch) => {
      position.current = batch[batch.length - 1].seq;
      const fitting = batch.filter((event) => fits(start.filter, event)).reverse();
      if (fitting.length === 0) return;
      setView(({ events, next }) => {
        const all = merged(fitting, events);
        const isCut = all.length < events.length + fitting.length;
        return { events: all, next: isCut ? olderThan(filter, all) : next };
      });
    };
    return follow({ topic: start.filter.topic, seq: position.current, receive, report: setState });
  }, [start, visible, isLive]);

  const loadMore = async () => {
    try {
      const page = await readPage(view.next);
      setView(({ events }) => ({ events: [...events, ...page.events], next: page.next }));
    } catch (failure) {
      setError(failure);
    }
  };
  return {
    events: view.events,
    hasMore: Boolean(view.next),
    error,
    state: isLive ? state : 'ended',
    loadMore,
    restart: () => setTurn(turn + 1),
  };
}
