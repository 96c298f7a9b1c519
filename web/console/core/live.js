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

const ahead = new Map();

/** Loads `target` before the page that uses it is drawn, which then begins with the data. If it fails, the page loads it. */
export async function loadAhead(target) {
  try {
    ahead.set(target, { ...(await get(target)), target });
  } catch {
    // the page repeats the request, and shows the error
  }
}

/**
 * Loads `target`, again every `period` milliseconds, and again when `target` changes; null loads nothing. Returns
 * {data, next, headers, error, isLoading, reload}. The previous data stay until the next ones have arrived. With `isSearch`,
 * the data are the first rows of a list that are found, and those that are found behind empty pages are not loaded again. While
 * the server does not respond there is no `error`, because a banner reports that; then `target` is loaded again.
 */
export function useLoad(target, { period, isPaused = false, isSearch = false } = {}) {
  const [state, setState] = useState(() => ahead.get(target) ?? {});
  const turn = useRef(0);
  const isBusy = useRef(false);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    if (!target) return setState({});
    let outcome;
    let isFar = false;
    const goOn = () => (isFar = true) && mine === turn.current;
    isBusy.current = true;
    try {
      outcome = { ...(await (isSearch ? getFirstRows(target, goOn) : get(target))), target, error: undefined, isFar };
    } catch (error) {
      outcome = { error, target };
    }
    if (mine !== turn.current) return undefined;
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
  const reloadIfIdle = () => isBusy.current || reload(); // another one would end a search, or repeat a slow request
  useInterval(reloadIfIdle, period, !isPaused && !state.isFar && state.error?.status !== 403 && state.error?.status !== 404);
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
