// A value with its name, in a <dl class="figures">.
export function Figure({ name, value, note, kind, href }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class={kind}>
        {href ? <a href={href}>{value}</a> : value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}
