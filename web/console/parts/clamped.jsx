// A text in a table, cut off after three lines. The whole text appears when the pointer is over it.
export function Clamped({ text }) {
  return (
    <span class="clamped" title={text}>
      {text}
    </span>
  );
}
