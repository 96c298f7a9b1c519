// A table. A row that leads to a page has a link in its first cell. The keys j and k and the arrow keys move the focus from row
// to row.
import { Empty } from './empty.jsx';

/** The direction in which `column` sorts the list, for aria-sort. */
function directionOf(column, sort) {
  if (!column.sort || !sort) return undefined;
  if (sort === column.sort) return 'ascending';
  return sort === `-${column.sort}` ? 'descending' : undefined;
}

function Head({ column, sort, onSort }) {
  const direction = directionOf(column, sort);
  return (
    <th scope="col" class={column.kind} aria-sort={direction}>
      {column.sort && onSort ? (
        <button type="button" class="sort" onClick={() => onSort(direction === 'ascending' ? `-${column.sort}` : column.sort)}>
          {column.title}
          <span class="sort-mark" aria-hidden="true">
            {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : '↕'}
          </span>
        </button>
      ) : column.isQuiet ? (
        <span class="visually-hidden">{column.title}</span>
      ) : (
        column.title
      )}
    </th>
  );
}

/**
 * `columns` is [{title, show(row), kind, sort, isHeader, isQuiet}]: `kind` contains CSS classes, the cells of a column with
 * `isHeader` are the headers of their rows, and a title with `isQuiet` is only for screen readers. `detailOf(row)` is shown
 * below the row, across all columns.
 */
export function Table({ label, columns, rows, keyOf, sort, onSort, detailOf, isSelected, empty, isLoading }) {
  return (
    <div
      class={isLoading ? 'table-frame stale' : 'table-frame'}
      role="group"
      aria-label={label}
      tabIndex={0}
      aria-busy={isLoading}
    >
      <table data-rows>
        <caption class="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((each) => (
              <Head key={each.title} column={each} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => {
            const detail = detailOf?.(row);
            const key = String(keyOf(row));
            return [
              <tr key={key} data-row class={isSelected?.(row) ? 'selected' : undefined}>
                {columns.map((each, index) => {
                  const isHeader = each.isHeader ?? (index === 0 && !columns.some(({ isHeader: other }) => other));
                  const Cell = isHeader ? 'th' : 'td';
                  return (
                    <Cell key={each.title} scope={isHeader ? 'row' : undefined} class={each.kind}>
                      {each.show(row)}
                    </Cell>
                  );
                })}
              </tr>,
              detail && (
                <tr key={`${key} detail`} class="detail">
                  <td colSpan={columns.length}>{detail}</td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </table>
      {rows?.length === 0 && (empty ?? <Empty title="Nothing here" />)}
      {!rows && <div class="skeleton" aria-hidden="true" />}
    </div>
  );
}
