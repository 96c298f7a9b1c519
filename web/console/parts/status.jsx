// Shows a state as a word with a colored dot. The word has the whole meaning, so the colors need not be distinguished.
export function Status({ kind = 'neutral', children }) {
  return <span class={`status ${kind}`}>{children}</span>;
}
