// What kind of screen the page is on.
import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 900px)');

/** Whether the page is too narrow for the drawing of the house. */
export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', () => (isNarrow.value = narrow.matches));
