// Shows the progress of an action.
export function Progress({ done, total, label }) {
  return (
    <div class="progress">
      <progress value={Number(done)} max={Math.max(1, Number(total))} aria-label={label} />
      <span>{label}</span>
    </div>
  );
}
