// Short messages about completed actions. They appear in a corner and are read aloud by screen readers.
import { signal } from '@preact/signals';

export const messages = signal([]);
let lastId = 0;

/** Shows `text` for a while. `link` is {href, text}. */
export function announce(text, link) {
  const id = ++lastId;
  messages.value = [...messages.value.slice(-2), { id, text, link }];
  setTimeout(() => dismiss(id), 6000);
}

export function dismiss(id) {
  messages.value = messages.value.filter((each) => each.id !== id);
}
