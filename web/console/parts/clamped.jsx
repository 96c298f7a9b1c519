// A text of at most three lines in a table; all of it when the pointer is over it.
export function Clamped({ text }) {
  return (
    <span class="clamped" title={text}>
      {text}
    </span>
  );
}
