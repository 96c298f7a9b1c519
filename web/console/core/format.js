// Texts for values: numbers, sizes, durations and times.

/** Returns a function that formats a value with the formatter that `create` returns. The formatter is created at the first
 *  call, because creating one takes milliseconds, and the first page needs only some of the formatters. */
function lazyFormat(create) {
  let created;
  return (value) => (created ??= create()).format(value);
}

const formatGrouped = lazyFormat(() => new Intl.NumberFormat('en-US'));
const formatCompact = lazyFormat(() => new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }));
const formatShortTime = lazyFormat(
  () =>
    new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
);
const formatShortDate = lazyFormat(
  () => new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: '2-digit' }),
);

/** A count with separators between thousands. It can also be a text such as "10000+", if the server stopped counting there. */
export function formatCount(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return /^\d+\+$/.test(value) ? `${formatGrouped(BigInt(value.slice(0, -1)))}+` : value;
  return value < 1000 ? String(value) : formatGrouped(value);
}

/** Whether a count is known and not 0. */
export const isCounted = (value) => value !== 0 && value !== undefined && value !== null;

export function formatRate(value) {
  if (value === undefined || value === null) return '–';
  if (value === 0) return '0';
  return value < 0.1 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : formatGrouped(Math.round(value));
}

export function formatBytes(value) {
  if (value === undefined || value === null) return '–';
  let number = Number(value);
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? number : formatCompact(number)} ${units[unit]}`;
}

/** A duration in seconds, with a suitable unit. */
export function formatSeconds(value) {
  if (value === undefined || value === null) return '–';
  if (value === 0) return '0 ms';
  if (value < 0.001) return `${Math.round(value * 1e6)} µs`;
  if (value < 0.1) return `${(value * 1e3).toFixed(1)} ms`;
  if (value < 1) return `${Math.round(value * 1e3)} ms`;
  if (value < 120) return `${value.toFixed(1)} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  if (value < 172800) return `${Math.round(value / 3600)} h`;
  return `${Math.round(value / 86400)} days`;
}

const dayOf = (date) => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;

/** Formats a local time: without the date if it is today. `precise` adds milliseconds. */
export function formatTime(date, { precise = false, withDate = false } = {}) {
  const time = formatShortTime(date) + (precise ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : '');
  return !withDate && dayOf(date) === dayOf(new Date()) ? time : `${formatShortDate(date)}, ${time}`;
}

/** "3 min ago", "in 2 h". */
export function formatDistance(date, now = Date.now()) {
  const seconds = (now - date.getTime()) / 1000;
  const text = formatSeconds(Math.max(1, Math.round(Math.abs(seconds)))).replace('.0 s', ' s');
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

/** "created_at" becomes "Created at". */
export function titleOf(name) {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const plural = (count, singular, several = `${singular}s`) =>
  `${formatCount(count)} ${count === 1 || count === 1n ? singular : several}`;
