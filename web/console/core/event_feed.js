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

const merged = (newer, older) => {
  const seen = new Set();
  const all = [...newer, ...older].filter(({ seq }) => !seen.has(String(seq)) && seen.add(String(seq)));
  return all.slice(0, maxEvents);
};

/** The filters are {topic, key, since, until}. Returns {events, next, error, state}; state is live, connecting or closed. */
export function useEventFeed({ topic, key, since, until }, isAllowed) {
  const [events, setEvents] = useState();
  const [next, setNext] = useState();
  const [error, setError] = useState();
  const [state, setState] = useState('connecting');
  const [turn, setTurn] = useState(0);
  const last = useRef();
  const visible = isVisible.value;
  const isLive = !until;

  useEffect(() => {
    if (!isAllowed) return undefined;
    let isCurrent = true;
    last.current = undefined;
    setError(undefined);
    Promise.all([
      get(withQuery('/events/', { topic, key, since, until, order: 'newest', limit: firstPage })),
      get(withQuery('/events/', { order: 'newest', limit: 1 })),
    ])
      .then(([page, newest]) => {
        if (!isCurrent) return;
        last.current = page.data[0]?.seq ?? newest.data[0]?.seq ?? 0;
        setEvents(page.data);
        setNext(page.next);
        setTurn((each) => each + 1);
      })
      .catch((failure) => isCurrent && setError(failure));
    return () => (isCurrent = false);
  }, [topic, key, since, until, isAllowed]);

  useEffect(() => {
    if (!visible || !isLive || last.current === undefined) return undefined;
    setState('connecting');
    const receive = (batch) => {
      last.current = batch[batch.length - 1].seq;
      const fitting = batch.filter(({ subject, time }) => (!key || subject === key) && (!since || time >= since));
      if (fitting.length > 0) setEvents((old) => merged(fitting.reverse(), old ?? []));
    };
    return follow({ topic, seq: last.current, receive, report: setState });
  }, [turn, visible, isLive]);

  const loadMore = async () => {
    try {
      const page = await get(next);
      setEvents((old) => [...old, ...page.data]);
      setNext(page.next);
    } catch (failure) {
      setError(failure);
    }
  };
  return { events, error, state: isLive ? state : 'ended', next, loadMore, restart: () => setTurn((each) => each + 1) };
}
