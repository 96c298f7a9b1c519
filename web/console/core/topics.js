// Patterns of topics, as in AMQP: words separated by dots, "*" for one word (or the rest of one), "#" for any number of words.

const escaped = (text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

export function matches(pattern, topic) {
  const words = pattern.split('.').map((word) => (word === '#' ? '#' : escaped(word).replaceAll('*', '[^.]*')));
  const expression = words
    .join('\\.')
    .replaceAll('\\.#', '(\\..*)?')
    .replace(/^#\\\./, '(.*\\.)?')
    .replace(/^#$/, '.*')
    .replace(/^#/, '.*');
  return new RegExp(`^${expression}$`).test(topic);
}
