// The latest requests, which the server keeps in memory, and the events that each of them has caused.
import { useEffect, useState } from 'preact/hooks';

import { get, withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { formatBytes, formatSeconds } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { address, setQuery } from '../core/router.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Copy } from '../parts/copy.jsx';
import { Empty } from '../parts/empty.jsx';
import { EventTable } from '../parts/event_table.jsx';
import { Filters } from '../parts/filters.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { Pager } from '../parts/pager.jsx';
import { Problem } from '../parts/problem.jsx';
import { Status } from '../parts/status.jsx';
import { Table } from '../parts/table.jsx';
import { Time } from '../parts/time.jsx';

const pageSize = 100;
const maxPages = 20; // of events. For each page, the server examines a few thousand events, which takes milliseconds
const filters = [
  { name: 'route', title: 'Route', isWide: true, placeholder: '/users/{id}' },
  { name: 'method', title: 'Method', isNarrow: true, enum: ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD'] },
  { name: 'status', title: 'Status', isNarrow: true, placeholder: '404 or 5xx' },
  { name: 'min_duration', title: 'Min seconds', isNarrow: true, type: 'number', placeholder: '0.1' },
  { name: 'principal', title: 'Principal' },
  { name: 'request_id', title: 'Request id' },
];

/** The target of the list. It leaves out the requests with which the console loads its pages, unless the user shows them. */
const targetOf = ({ console: shown, ...query }) =>
  withQuery('/console/data/requests', { ...query, console: shown === 'true' ? undefined : 'false' });

const kindOf = (status) => (status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'muted' : 'good');

/**
 * The events with the trace of a request. The search begins at the newest events, because requests in memory are recent. Events
 * that were caused later, such as those of a handler that has failed for a while, are left out.
 */
async function eventsOf({ at, duration, trace_id: trace }) {
  if (!trace) return [];
  const begin = new Date(at).getTime();
  const since = new Date(begin - 1000).toISOString();
  const until = new Date(begin + Number(duration ?? 0) * 1000 + 5000).toISOString();
  const found = [];
  let target = withQuery('/events/', { trace, since, until, order: 'newest', limit: 1000 });
  for (let pages = 0; target && pages < maxPages; pages += 1) {
    const { data, next } = await get(target);
    found.push(...data);
    target = next;
  }
  return found;
}

function EventsOfRequest({ request }) {
  const [state, setState] = useState({});
  useEffect(() => {
    if (can('events:read'))
      eventsOf(request).then(
        (rows) => setState({ rows }),
        (error) => setState({ error }),
      );
  }, [request.request_id]);
  if (!can('events:read')) return <p class="muted">Its events: {reasonAgainst('events:read')}</p>;
  return (
    <>
      <Problem error={state.error} />
      {state.rows?.length === 0 && <p class="muted">It has caused no events.</p>}
      {state.rows?.length > 0 && <EventTable label="Events of this request" rows={state.rows} />}
    </>
  );
}

function Detail({ request }) {
  return (
    <div class="detail-body">
      <dl class="facts">
        <div>
          <dt>Target</dt>
          <dd class="mono">{request.target}</dd>
        </div>
        <div>
          <dt>Request id</dt>
          <dd class="mono">{request.request_id}</dd>
        </div>
        <div>
          <dt>Trace</dt>
          <dd class="mono">{request.trace_id || '–'}</dd>
        </div>
        <div>
          <dt>Address</dt>
          <dd class="mono">{request.address}</dd>
        </div>
      </dl>
      <EventsOfRequest request={request} />
    </div>
  );
}

function columnsWith(selected, toggle) {
  return [
    {
      title: 'Time',
      kind: 'time',
      show: ({ at, seq, method, target }) => (
        <button type="button" class="link" aria-expanded={selected === seq} onClick={() => toggle(seq)}>
          <Time value={at} precise />
          <span class="visually-hidden">
            {' '}
            Details of {method} {target}
          </span>
        </button>
      ),
    },
    { title: 'Status', show: ({ status }) => <Status kind={kindOf(status)}>{status}</Status> },
    { title: 'Method', kind: 'mono', show: ({ method }) => method },
    { title: 'Target', kind: 'mono target', show: ({ target }) => <span title={target}>{target}</span> },
    { title: 'Time taken', kind: 'number', show: ({ duration }) => formatSeconds(duration) },
    { title: 'Size', kind: 'number', show: ({ response_bytes: bytes }) => formatBytes(bytes) },
    { title: 'Principal', kind: 'late', show: ({ principal }) => principal || '–' },
    { title: 'Request id', kind: 'mono id late', show: ({ request_id: id }) => id },
  ];
}

function Content() {
  const [selected, setSelected] = useState();
  const [isPaused, setPaused] = useState(false);
  const { query } = address.value;
  const filter = Object.fromEntries(filters.map(({ name }) => [name, query[name]]));
  const isHeld = isPaused || selected !== undefined || Boolean(query.after);
  const { data, next, error, isLoading } = useLoad(
    targetOf({ ...filter, console: query.console, limit: pageSize, after: query.after }),
    {
      period: 2000,
      isPaused: isHeld,
    },
  );
  const toggle = (seq) => setSelected((old) => (old === seq ? undefined : seq));
  const togglePause = () => {
    setSelected(undefined);
    setPaused(!isHeld);
  };
  return (
    <>
      <Filters filters={filters} label="Filter requests">
        <label class="choice">
          <input
            type="checkbox"
            checked={query.console !== 'true'}
            onChange={(event) => setQuery({ console: event.target.checked ? undefined : 'true', after: undefined })}
          />{' '}
          Hide requests of the console
        </label>
        <Button
          data-key="p"
          aria-pressed={isHeld}
          reason={query.after ? 'Only the first page is live.' : undefined}
          onClick={togglePause}
        >
          {isHeld ? 'Continue' : 'Pause'}
        </Button>
        <Status kind={isHeld ? 'warn' : 'good'}>{isHeld ? 'Paused' : 'Live'}</Status>
      </Filters>
      <Problem error={error} />
      <Table
        label="Requests, newest first"
        columns={columnsWith(selected, toggle)}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ seq }) => seq}
        isLoading={isLoading}
        isSelected={({ seq }) => selected === seq}
        detailOf={(request) => selected === request.seq && <Detail request={request} />}
        empty={
          <Empty title="No requests match.">
            The server keeps the last 10,000 in memory, until it is restarted.
            {query.console !== 'true' && ' The requests of the console are hidden.'}
          </Empty>
        }
      />
      <Pager next={next} count={data?.length} isLoading={isLoading} />
    </>
  );
}

export function Requests() {
  return (
    <Page
      title="Requests"
      actions={
        <Copy data-key="y" text={() => curl('GET', targetOf(address.value.query), { needsToken: isSignedIn() })}>
          Copy as curl
        </Copy>
      }
    >
      {can('admin') ? <Content /> : <Forbidden scope="admin" />}
    </Page>
  );
}
