// Shows a local time, and the exact time in UTC when the pointer is over it.
import { formatDistance, formatTime } from '../core/format.js';

export function Time({ value, precise = false, relative = false, withDate = false }) {
  if (!value) return <span class="muted">–</span>;
  const date = new Date(typeof value === 'number' ? value * 1000 : value);
  const utc = typeof value === 'string' ? value : date.toISOString();
  return (
    <time dateTime={utc} title={`${utc.replace('T', ' ').replace('Z', '')} UTC`}>
      {relative ? formatDistance(date) : formatTime(date, { precise, withDate })}
    </time>
  );
}
