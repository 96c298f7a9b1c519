// Hooks for data that changes: they load it, load it again at intervals, and pause while the tab is hidden.
import { signal } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { get, getFirstRows } from './api.js';
import { isUnreachable } from './reach.js';

/** Whether the tab is visible. */
export const isVisible = signal(!document.hidden);
document.addEventListener('visibilitychange', () => (isVisible.value = !document.hidden));

/** Calls `work` every `period` milliseconds while the tab is visible and `isActive` is true, and immediately when both become
 *  true again. */
export function useInterval(work, period, isActive = true) {
  const latest = useRef(work);
  latest.current = work;
  const runs = isActive && Boolean(period) && isVisible.value;
  const hasStopped = useRef(false);
  useEffect(() => {
    if (!runs) {
      hasStopped.current = Boolean(period);
      return undefined;
    }
    if (hasStopped.current) latest.current();
    hasStopped.current = false;
    const timer = setInterval(() => latest.current(), period);
    return () => clearInterval(timer);
  }, [runs, period]);
}

/** The data that were loaded before their page was drawn, by target. */
const ahead = new Map();

/** Loads `target` before the page that uses it is drawn, so that the page is first drawn with the data. */
export async function loadAhead(target) {
  try {
    ahead.set(target, { ...(await get(target)), target });
  } catch {
    // The page repeats the request, and shows its error.
  }
}

/**
 * Loads `target`, or nothing if it is null. Loads again every `period` milliseconds, and when `target` changes. Returns
 * {data, next, headers, error, isLoading, reload}. The previous data stay until the next ones have arrived. With `isSearch`,
 * `target` is a list, and the data are its first page that has rows. If empty pages come before that page, `target` is not
 * loaded again, because the search would take long. While the server does not respond, there is no `error`, because a banner
 * reports this. `target` is loaded again when the server responds.
 */
export function useLoad(target, { period, isPaused = false, isSearch = false } = {}) {
  const [state, setState] = useState(() => ahead.get(target) ?? {});
  const turn = useRef(0); // increases with each request, so that the outcome of an earlier one is ignored
  const isBusy = useRef(false);
  const reload = useCallback(async () => {
    const ownTurn = ++turn.current;
    if (!target) return setState({});
    let outcome;
    let isBehindEmptyPages = false;
    const report = () => (isBehindEmptyPages = true) && ownTurn === turn.current;
    isBusy.current = true;
    try {
      const loaded = await (isSearch ? getFirstRows(target, report) : get(target));
      outcome = { ...loaded, target, error: undefined, isBehindEmptyPages };
    } catch (error) {
      outcome = { error, target };
    }
    if (ownTurn !== turn.current) return undefined;
    isBusy.current = false;
    setState((previous) => (outcome.error ? { ...previous, ...outcome } : outcome));
    return undefined;
  }, [target]);
  // An ordinary effect would wait until the page without data is drawn.
  useLayoutEffect(() => {
    if (!ahead.delete(target)) reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);
  const reloadIfIdle = () => isBusy.current || reload(); // a second request would end a search, or repeat a slow request
  const isRefused = state.error?.status === 403 || state.error?.status === 404;
  useInterval(reloadIfIdle, period, !isPaused && !state.isBehindEmptyPages && !isRefused);
  const hasFailed = state.error?.status === 0;
  useEffect(() => {
    if (hasFailed && !isUnreachable.value) reload();
  }, [hasFailed, isUnreachable.value]);
  return {
    ...state,
    error: hasFailed ? undefined : state.error,
    isLoading: Boolean(target) && state.target !== target,
    reload,
  };
}
