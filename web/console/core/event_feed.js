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

/**
 * Reads the first page of a filter. The end of the journal is read before it, so that a stream that begins there misses
 * nothing, and does not begin at an old event only because few of them match.
 */
async function readStart(filter) {
  const newest = await get(withQuery('/events/', { order: 'newest', limit: 1 }));
  const page = await get(withQuery('/events/', { ...filter, order: 'newest', limit: firstPage }));
  return { position: newest.data[0]?.seq ?? 0, events: page.data, hasMore: Boolean(page.next) };
}

const fits = ({ key, since }, event) => (!key || event.subject === key) && (!since || new Date(event.time) >= new Date(since));

/** The filter is {topic, key, since, until}. Returns {events, hasMore, error, state}; a state is live, connecting or closed. */
export function useEventFeed({ topic, key, since, until }) {
  const [view, setView] = useState({ hasMore: false });
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
      setView(({ events, hasMore }) => {
        const all = merged(fitting, events);
        return { events: all, hasMore: hasMore || all.length < events.length + fitting.length };
      });
    };
    return follow({ topic: start.filter.topic, seq: position.current, receive, report: setState });
  }, [start, visible, isLive]);

  const loadMore = async () => {
    const after = view.events[view.events.length - 1].seq;
    try {
      const page = await get(withQuery('/events/', { ...filter, order: 'newest', limit: firstPage, after }));
      setView(({ events }) => ({ events: [...events, ...page.data], hasMore: Boolean(page.next) }));
    } catch (failure) {
      setError(failure);
    }
  };
  return { ...view, error, state: isLive ? state : 'ended', loadMore, restart: () => setTurn(turn + 1) };
}
