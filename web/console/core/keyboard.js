// Handles the keyboard. If a key activates an element of a page, the attribute `data-key` of the element names the key, so
// pages do not have to register their keys.
import { signal } from '@preact/signals';

import { navigate } from './router.js';

export const isHelpOpen = signal(false);
/** The entries of the navigation, by the letter to press after `g`: {letter: {href, title}}. The navigation sets them. */
export const entriesByLetter = signal({});

/** Whether `g` was pressed a moment ago, so that the next key leads to a page. */
let isGoing = false;
let goingTimer;

const isTyping = (element) => element?.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
const isShown = (element) => element.getClientRects().length > 0;
const scope = () => document.querySelector('dialog[open]') ?? document;

/** Returns the keys of the current page, and what they activate: [{key, label}]. */
export function keysOfPage() {
  const found = new Map();
  for (const each of document.querySelectorAll('main [data-key]')) {
    const label = each.dataset.keyLabel ?? each.getAttribute('aria-label') ?? each.textContent;
    if (isShown(each) && !found.has(each.dataset.key)) found.set(each.dataset.key, label.trim());
  }
  return [...found].map(([key, label]) => ({ key, label }));
}

function focusSearch() {
  const field = [...document.querySelectorAll('main [data-search]')].find(isShown);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function go(key) {
  isGoing = false;
  const entry = entriesByLetter.value[key];
  if (entry) navigate(entry.href);
  return Boolean(entry);
}

function beginGoing() {
  isGoing = true;
  clearTimeout(goingTimer);
  goingTimer = setTimeout(() => (isGoing = false), 1500);
  return true;
}

/** Moves the focus by `step` rows in the table that has the focus. If no table has it, uses the first one. */
function moveInTable(step) {
  const table = document.activeElement?.closest?.('[data-rows]') ?? document.querySelector('main [data-rows]');
  const rows = [...(table?.querySelectorAll('[data-row]') ?? [])].filter(isShown);
  if (rows.length === 0) return false;
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = current < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, current + step));
  const row = rows[next];
  (row.matches('a, button, [tabindex]') ? row : row.querySelector('a, button')).focus();
  row.scrollIntoView({ block: 'nearest' });
  return true;
}

function activate(key) {
  const found = [...document.querySelectorAll('main [data-key]')].find((each) => each.dataset.key === key && isShown(each));
  found?.focus();
  found?.click();
  return Boolean(found);
}

function handle(event) {
  const { key } = event;
  if (isGoing) return go(key);
  if (key === '?') return (isHelpOpen.value = true);
  if (scope() !== document) return false;
  if (key === '/') return focusSearch();
  if (key === 'g') return beginGoing();
  if (key === 'j') return moveInTable(1);
  if (key === 'k') return moveInTable(-1);
  if ((key === 'ArrowDown' || key === 'ArrowUp') && document.activeElement?.closest?.('[data-rows]'))
    return moveInTable(key === 'ArrowDown' ? 1 : -1);
  return activate(key);
}

export function startKeyboard() {
  document.addEventListener('keydown', (event) => {
    // On many keyboards, "[" is typed with AltGr, which Windows also reports as Ctrl and Alt.
    const isPlain = event.getModifierState('AltGraph') || !(event.ctrlKey || event.altKey);
    if (event.defaultPrevented || event.metaKey || !isPlain) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && scope() === document) event.target.blur();
      return;
    }
    if (handle(event)) event.preventDefault();
  });
}
