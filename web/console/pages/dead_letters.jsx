// The dead letters, grouped by failure or one by one.
import { useState } from 'preact/hooks';

import { withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { toInteger } from '../core/exact_json.js';
import { formatCount } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { address } from '../core/router.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Clamped } from '../parts/clamped.jsx';
import { Copy } from '../parts/copy.jsx';
import { DeadLetterVerb } from '../parts/dead_letter_verbs.jsx';
import { Empty } from '../parts/empty.jsx';
import { Key } from '../parts/event_table.jsx';
import { Filters } from '../parts/filters.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { Pager } from '../parts/pager.jsx';
import { Problem } from '../parts/problem.jsx';
import { Section } from '../parts/section.jsx';
import { Table } from '../parts/table.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const path = '/console/events/dead-letters';
const pageSize = 50;
const filters = [
  { name: 'error', title: 'Error contains', isWide: true },
  { name: 'subscription', title: 'Subscription' },
  { name: 'topic', title: 'Topic', placeholder: 'orders.*' },
  { name: 'key', title: 'Key', placeholder: 'order/7' },
  { name: 'group', title: 'Group', type: 'integer' },
  { name: 'since', title: 'Since', format: 'date-time' },
  { name: 'until', title: 'Until', format: 'date-time' },
];

function filterOf(query, names = filters.map(({ name }) => name)) {
  return Object.fromEntries(names.filter((name) => query[name]).map((name) => [name, query[name]]));
}

/** Converts the filter to JSON, in which a group is a number. */
const bodyOf = ({ group, ...rest }) => (group ? { ...rest, group: /^\d+$/.test(group) ? toInteger(group) : group } : rest);

function Verbs({ filter, setOpen, count, isSmall }) {
  const reason = reasonAgainst('events:operate') ?? (count === 0 ? 'Select a dead letter first.' : undefined);
  const kind = isSmall ? 'small' : 'plain';
  return (
    <span class="actions">
      <Button kind={kind} reason={reason} onClick={() => setOpen({ verb: 'retry', filter })}>
        Retry…
      </Button>
      <Button kind={`${kind} danger`} reason={reason} onClick={() => setOpen({ verb: 'discard', filter })}>
        Discard…
      </Button>
    </span>
  );
}

function Groups({ query, setOpen }) {
  const filter = filterOf(query, ['subscription', 'topic', 'error', 'group']);
  const { data, error } = useLoad(withQuery('/events/dead-letters/groups', { ...filter, limit: 100 }), {
    period: 10000,
    isSearch: true,
  });
  const columns = [
    {
      title: 'Error',
      kind: 'error-text',
      show: ({ id, error }) => (
        <a href={withQuery(path, { view: 'list', group: id })}>
          <Clamped text={error} />
        </a>
      ),
    },
    { title: 'Number', kind: 'number', show: ({ count }) => formatCount(count) },
    {
      title: 'Subscription',
      kind: 'mono',
      show: ({ subscription }) => <a href={`/console/events/subscriptions/${subscription}`}>{subscription}</a>,
    },
    { title: 'Topic', kind: 'mono', show: ({ topic }) => topic },
    { title: 'Latest', kind: 'time', show: ({ last }) => <Time value={last} relative /> },
    { title: 'First', kind: 'time late', show: ({ first }) => <Time value={first} /> },
    {
      title: 'Actions',
      kind: 'tool',
      isQuiet: true,
      show: ({ id }) => <Verbs filter={{ group: id }} setOpen={setOpen} isSmall />,
    },
  ];
  return (
    <>
      <Problem error={error} />
      <Table
        label="Groups of dead letters"
        columns={columns}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ id }) => id}
        empty={<NoneLeft isFiltered={Object.keys(filter).length > 0} />}
      />
    </>
  );
}

function NoneLeft({ isFiltered }) {
  return isFiltered ? (
    <Empty title="No dead letters match.">Change or clear the filters above.</Empty>
  ) : (
    <Empty title="There are no dead letters.">
      An event whose handler fails too often appears here, with the errors, until it is retried, edited or discarded.
    </Empty>
  );
}

function Selection({ selected, setSelected, rows, setOpen }) {
  const ids = [...selected];
  return (
    <div class="selection">
      <label>
        <input
          type="checkbox"
          checked={rows?.length > 0 && rows.every(({ id }) => selected.has(id))}
          onChange={(event) => setSelected(new Set(event.target.checked ? rows.map(({ id }) => id) : []))}
        />{' '}
        All of this page
      </label>
      <span class="muted" role="status">
        {ids.length > 0 ? `${ids.length} selected` : 'None selected'}
      </span>
      <Verbs filter={{ ids }} count={ids.length} setOpen={setOpen} isSmall />
    </div>
  );
}

function List({ query, setOpen }) {
  const [selected, setSelected] = useState(new Set());
  const filter = filterOf(query);
  const target = withQuery('/events/dead-letters', { ...filter, limit: pageSize, after: query.after });
  const { data, next, error, isLoading } = useLoad(target, { period: 10000, isPaused: selected.size > 0, isSearch: true });
  const toggle = (id) => {
    const changed = new Set(selected);
    if (!changed.delete(id)) changed.add(id);
    setSelected(changed);
  };
  const columns = [
    {
      title: 'Selected',
      kind: 'tool check',
      isQuiet: true,
      show: ({ id }) => (
        <input type="checkbox" aria-label={`Select ${id}`} checked={selected.has(id)} onChange={() => toggle(id)} />
      ),
    },
    { title: 'Id', kind: 'id', isHeader: true, show: ({ id }) => <a href={`${path}/${id}`}>{id}</a> },
    { title: 'Error', kind: 'error-text', show: ({ error }) => <Clamped text={error} /> },
    { title: 'Key', kind: 'mono', show: ({ key }) => <Key value={key} /> },
    { title: 'Died', kind: 'time', show: ({ died_at }) => <Time value={died_at} relative /> },
    { title: 'Subscription', kind: 'mono', show: ({ subscription }) => subscription },
    { title: 'Topic', kind: 'mono late', show: ({ topic }) => topic },
    { title: 'Attempts', kind: 'number', show: ({ attempts }) => attempts },
  ];
  return (
    <>
      <Problem error={error} />
      <Selection selected={selected} setSelected={setSelected} rows={data} setOpen={setOpen} />
      <Table
        label="Dead letters"
        columns={columns}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ id }) => id}
        isSelected={({ id }) => selected.has(id)}
        isLoading={isLoading}
        empty={<NoneLeft isFiltered={Object.keys(filter).length > 0} />}
      />
      <Pager next={next} count={data?.length} isLoading={isLoading} />
    </>
  );
}

function Content({ query }) {
  const [open, setOpen] = useState();
  const [turn, setTurn] = useState(0);
  const isList = query.view === 'list';
  const filter = filterOf(query);
  const View = isList ? List : Groups;
  const shown = isList ? filters : filters.filter(({ name }) => ['error', 'subscription', 'topic', 'group'].includes(name));
  const other = (view) => withQuery(path, { ...filter, view });
  return (
    <>
      <Filters filters={shown} label="Filter dead letters">
        <nav class="switch" aria-label="View">
          <a href={other(undefined)} aria-current={isList ? undefined : 'true'}>
            By failure
          </a>
          <a href={other('list')} aria-current={isList ? 'true' : undefined}>
            One by one
          </a>
        </nav>
      </Filters>
      <Section
        title={isList ? 'Dead letters' : 'Groups of similar errors'}
        action={
          <>
            <span class="muted small">All that match:</span>
            <Verbs filter={bodyOf(filter)} setOpen={setOpen} isSmall />
          </>
        }
      >
        <View key={turn} query={query} setOpen={setOpen} />
      </Section>
      <DeadLetterVerb open={open} onDone={() => setTurn(turn + 1)} onClose={() => setOpen(undefined)} />
    </>
  );
}

export function DeadLetters() {
  const { query } = address.value;
  return (
    <Page
      title="Dead letters"
      tabs={<EventsTabs />}
      actions={
        <Copy
          data-key="y"
          text={() => curl('GET', withQuery('/events/dead-letters', filterOf(query)), { needsToken: isSignedIn() })}
        >
          Copy as curl
        </Copy>
      }
    >
      {can('events:read') ? <Content query={query} /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
