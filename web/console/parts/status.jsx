// A state as a word with a colored point: the color alone carries no meaning.
export function Status({ kind = 'neutral', children }) {
  return <span class={`status ${kind}`}>{children}</span>;
}
