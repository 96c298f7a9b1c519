// A list of entities, with the filters, the search and the sort orders that the server offers for it.
import { withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { findEntity } from '../core/description.js';
import { titleOf } from '../core/format.js';
import { queryFor } from '../core/graphql_text.js';
import { useLoad } from '../core/live.js';
import { address, navigate, setQuery } from '../core/router.js';
import { isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Command } from '../parts/command.jsx';
import { Copy } from '../parts/copy.jsx';
import { Empty } from '../parts/empty.jsx';
import { EntityGuard } from '../parts/entity_guard.jsx';
import { EntityTable } from '../parts/entity_table.jsx';
import { Filters } from '../parts/filters.jsx';
import { Page } from '../parts/page.jsx';
import { Pager } from '../parts/pager.jsx';
import { Problem } from '../parts/problem.jsx';
import { exampleOf } from './entity_example.js';

const pageSize = 50;

function filtersOf(entity) {
  const search = entity.search && {
    name: 'search',
    title: 'Search',
    isWide: true,
    placeholder: 'begins with…',
    ...entity.search,
  };
  return [search, ...entity.filters.map((each) => ({ ...each, title: titleOf(each.name) }))].filter(Boolean);
}

function parametersOf(entity) {
  const { query } = address.value;
  const names = ['search', 'sort', 'after', ...entity.filters.map(({ name }) => name)];
  return { limit: pageSize, ...Object.fromEntries(names.filter((name) => query[name]).map((name) => [name, query[name]])) };
}

function graphiqlOf(text) {
  return { href: `/graphql/?query=${encodeURIComponent(text)}`, text: 'Open in GraphiQL' };
}

function EmptyList({ entity, isFiltered }) {
  if (isFiltered) return <Empty title={`No ${entity.plural} match.`}>Change or clear the filters above.</Empty>;
  const command = curl('POST', entity.path, { body: JSON.stringify(exampleOf(entity)), needsToken: isSignedIn() });
  return (
    <Empty title={`There are no ${entity.plural} yet.`}>
      <p>This command makes the first one, and so does “New {entity.name.toLowerCase()}” above.</p>
      <Command text={command} />
    </Empty>
  );
}

function List({ entity }) {
  const parameters = parametersOf(entity);
  const target = withQuery(entity.path, parameters);
  const { data, next, error, isLoading, reload } = useLoad(target, { isSearch: true });
  const { limit: _, after: __, sort, ...filters } = parameters;
  // With a search or a prefix filter, the server sorts the list by the values that match, and refuses another order.
  const hasPrefix =
    Boolean(filters.search) ||
    entity.filters.some(({ name, description }) => filters[name] && /begin|prefix/i.test(description ?? ''));
  const { ...graphql } = parameters;
  delete graphql.after;
  const change = (next) => setQuery({ sort: next === 'id' ? undefined : next, after: undefined });
  const newName = `New ${entity.name.toLowerCase()}`;
  return (
    <Page
      title={titleOf(entity.plural)}
      note={entity.description}
      actions={
        <>
          <Copy text={() => curl('GET', target, { needsToken: isSignedIn() })} data-key="y">
            Copy as curl
          </Copy>
          <Copy text={() => queryFor(entity, graphql)} link={graphiqlOf} data-key="q">
            Copy as GraphQL
          </Copy>
          <Button
            kind="primary"
            data-key="n"
            reason={reasonAgainst(entity.scopes.create)}
            onClick={() => navigate(`/console/entities/${entity.plural}/new`)}
          >
            {newName}
          </Button>
        </>
      }
    >
      <Filters filters={filtersOf(entity)}>
        <Button kind="quiet" data-key="r" onClick={reload}>
          Reload
        </Button>
      </Filters>
      <Problem error={error} />
      <EntityTable
        entity={entity}
        label={titleOf(entity.plural)}
        rows={data ?? (error ? [] : undefined)}
        isLoading={isLoading}
        sort={hasPrefix ? undefined : (sort ?? 'id')}
        onSort={hasPrefix ? undefined : change}
        empty={
          error ? <span /> : <EmptyList entity={entity} isFiltered={Object.keys(filters).length > 0 || parameters.after} />
        }
      />
      {hasPrefix && data?.length > 0 && (
        <p class="hint">The rows are in the order of the search, so the columns cannot be sorted.</p>
      )}
      <Pager next={next} count={data?.length} isLoading={isLoading} />
    </Page>
  );
}

export function EntityList({ plural }) {
  return <EntityGuard plural={plural}>{() => <List entity={findEntity(plural)} />}</EntityGuard>;
}
