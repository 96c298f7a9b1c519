// Rows of an entity. On narrow screens the less important columns are hidden.
import { titleOf } from '../core/format.js';
import { Table } from './table.jsx';
import { Value } from './value.jsx';

const lateFields = new Set(['revision', 'created_at', 'updated_at']);

function columnOf(entity, field) {
  const kinds = [field.type === 'integer' && !field.reference ? 'number' : '', lateFields.has(field.name) ? 'late' : ''];
  return {
    title: titleOf(field.name),
    sort: entity.sorts.includes(field.name) ? field.name : undefined,
    kind: kinds.join(' ').trim() || undefined,
    show: (row) => <Value field={field} value={row[field.name]} isShort />,
  };
}

const idColumn = (entity) => ({
  title: 'Id',
  sort: entity.sorts.includes('id') ? 'id' : undefined,
  kind: 'id',
  show: (row) => <a href={`/console/entities/${entity.plural}/${row.id}`}>{String(row.id)}</a>,
});

export function EntityTable({ entity, ...rest }) {
  const others = entity.fields.filter(({ name }) => name !== 'id' && name !== 'revision' && name !== 'updated_at');
  const columns = [idColumn(entity), ...others.map((each) => columnOf(entity, each))];
  return <Table columns={columns} keyOf={(row) => row.id} {...rest} />;
}
