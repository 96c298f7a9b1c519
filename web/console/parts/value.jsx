// The value of a field, as its schema describes it: a link to the entity that it refers to, a time, a state or a text.
import { writeJson } from '../core/exact_json.js';
import { formatCount } from '../core/format.js';
import { Status } from './status.jsx';
import { Time } from './time.jsx';

const kindOfWord = (word) =>
  ({ fulfilled: 'good', done: 'good', active: 'good', cancelled: 'muted', placed: 'info', failed: 'bad' })[word] ?? 'neutral';

export function Value({ field, value, isShort = false }) {
  if (value === null || value === undefined) return <span class="muted">–</span>;
  if (field.reference) return <a href={`/console/entities/${field.reference}/${value}`}>{String(value)}</a>;
  if (field.format === 'date-time') return <Time value={value} withDate={!isShort} />;
  if (field.enum) return <Status kind={kindOfWord(value)}>{value}</Status>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return <code>{writeJson(value)}</code>;
  if (field.type === 'integer' && field.name !== 'id') return <span class="number">{formatCount(value)}</span>;
  return String(value);
}
