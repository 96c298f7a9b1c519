// Events of the journal. The first cell of a row leads to the journey of the event.
import { pageOfKey } from '../core/description.js';
import { JsonLine } from './json.jsx';
import { Table } from './table.jsx';
import { Time } from './time.jsx';

export function Key({ value }) {
  const page = pageOfKey(value);
  return page ? <a href={page}>{value}</a> : value;
}

export const eventColumns = [
  { title: 'Seq', kind: 'id', show: ({ seq }) => <a href={`/console/events/${seq}`}>{String(seq)}</a> },
  { title: 'Time', kind: 'time', show: ({ time }) => <Time value={time} precise /> },
  { title: 'Topic', kind: 'mono', show: ({ type }) => type },
  { title: 'Key', kind: 'mono', show: ({ subject }) => <Key value={subject} /> },
  { title: 'Data', kind: 'data', show: ({ data }) => <JsonLine value={data ?? {}} /> },
];

export function EventTable({ rows, ...rest }) {
  return <Table columns={eventColumns} rows={rows} keyOf={({ seq }) => seq} {...rest} />;
}
