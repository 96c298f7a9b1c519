// The color scheme: that of the system, or the one that the user has chosen in this browser.
import { signal } from '@preact/signals';

const storageKey = 'atrium-theme';
const names = ['system', 'light', 'dark'];

export const theme = signal('system');
/** Changes whenever the colors change, so that drawings on a canvas can be repeated. */
export const themeChanges = signal(0);

function apply(name) {
  theme.value = names.includes(name) ? name : 'system';
  document.documentElement.dataset.theme = theme.value;
  themeChanges.value += 1;
}

function store(name) {
  try {
    localStorage.setItem(storageKey, name);
  } catch {
    // If the browser has no storage, the choice lasts until the page is closed.
  }
}

function stored() {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function changeTheme() {
  const next = names[(names.indexOf(theme.value) + 1) % names.length];
  store(next);
  apply(next);
}

export function startTheme() {
  apply(stored());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => (themeChanges.value += 1));
}
