// The first page: a drawing of what this server consists of, with the current rates of requests and events.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatCount, formatRate, isCounted } from '../core/format.js';
import { loadAhead, useLoad } from '../core/live.js';
import { isNarrow } from '../core/media.js';
import { isUnreachable } from '../core/reach.js';
import { can, isSignedIn } from '../core/session.js';
import { curl } from '../core/clipboard.js';
import { description } from '../core/description.js';
import { Command } from '../parts/command.jsx';
import { Figure } from '../parts/figure.jsx';
import { HouseDrawing } from '../parts/house_drawing.jsx';
import { HouseList } from '../parts/house_list.jsx';
import { linkOf, routeName } from '../parts/house_links.js';
import { loadInnerPages } from '../parts/inner_page.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { Table } from '../parts/table.jsx';
import { exampleOf } from './entity_example.js';

/** The newest value of a column of the history. */
function latest(history, column) {
  const row = history?.rows.at(-1);
  return row?.[history.columns.indexOf(column)];
}

/** {value, kind}. A server that is not ready responds with the status 503. */
function stateOf({ data, error }) {
  if (isUnreachable.value) return { value: 'No response', kind: 'bad' };
  if (error?.status === 503) return { value: 'Not ready', kind: 'bad' };
  return data ? { value: 'Ready', kind: 'good' } : { value: '…' };
}

function Summary({ house, readiness, history }) {
  const { data: ready } = readiness;
  const bus = ready?.bus;
  const dead = bus?.dead_letters;
  return (
    <dl class="figures">
      <Figure name="State" {...stateOf(readiness)} />
      <Figure name="Requests/s" value={formatRate(latest(history, 'requests'))} href="/console/now" />
      <Figure name="Events/s" value={formatRate(latest(history, 'published'))} href="/console/events" />
      <Figure name="Backlog" value={formatCount(bus?.pending)} href="/console/events/subscriptions" />
      <Figure
        name="Dead letters"
        value={formatCount(dead)}
        kind={isCounted(dead) ? 'bad' : undefined}
        href="/console/events/dead-letters"
      />
      <Figure
        name="Bus"
        value={house.bus.adapter.replace('_', '-')}
        note={house.bus.broker ? (house.bus.broker.connected ? 'broker connected' : 'broker not connected') : undefined}
        kind={house.bus.broker && !house.bus.broker.connected ? 'bad' : undefined}
      />
    </dl>
  );
}

/** The list of the first kind of entity, if the session may read it. */
function firstEntityTarget() {
  const entity = description.value?.entities[0];
  return entity && can(entity.scopes.list) ? `${entity.path}?limit=1` : null;
}

/** Returns {missing, isKnown}: the first kind of entity if no such entity exists yet, and whether this is known. */
function useFirstEntity() {
  const entity = description.value?.entities[0];
  const target = firstEntityTarget();
  const { data, error } = useLoad(target);
  return {
    missing: data?.length === 0 ? entity : undefined,
    isKnown: Boolean(data ?? error) || (description.value && !target),
  };
}

function FirstSteps({ entity }) {
  return (
    <section class="panel first" aria-label="First steps">
      <h2>Nothing is in the database yet</h2>
      <p>
        This command makes the first {entity.name.toLowerCase()}, and its event appears under{' '}
        <a href="/console/events">Events</a>. You can also{' '}
        <a href={`/console/entities/${entity.plural}/new`}>fill in a form</a>.
      </p>
      <Command text={curl('POST', entity.path, { body: JSON.stringify(exampleOf(entity)), needsToken: isSignedIn() })} />
    </section>
  );
}

function OtherRoutes({ routes }) {
  const columns = [
    { title: 'Route', kind: 'mono', show: (each) => <a href={linkOf.route(each)}>{routeName(each)}</a> },
    { title: 'What it does', show: ({ summary }) => summary },
    { title: 'Needs', kind: 'mono late', show: ({ access }) => access },
  ];
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="section" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Routes of the server itself ({routes.length})</summary>
      {isOpen && <Table label="Routes of the server itself" columns={columns} rows={routes} keyOf={routeName} />}
    </details>
  );
}

/** The drawing, or lists on a narrow screen. It is drawn again only if its data have changed. */
function Overview({ house, rates, subscriptions = none }) {
  const Form = isNarrow.value ? HouseList : HouseDrawing;
  return useMemo(() => {
    const dead = Object.fromEntries(subscriptions.map(({ name, dead: count }) => [name, count]));
    return <Form house={house} rates={rates} dead={dead} />;
  }, [Form, house, rates, subscriptions]);
}

const noRates = {};
const none = [];
const whenIdle = globalThis.requestIdleCallback ?? setTimeout; // Safari has no requestIdleCallback

/** Loads the data with which the page is first drawn. `described` is fulfilled when the description is loaded. */
export async function prepareHouse(described) {
  const first = described.then(() => firstEntityTarget() && loadAhead(firstEntityTarget()));
  await Promise.all([loadAhead('/console/data/house'), loadAhead('/readyz'), first]);
}

export function House() {
  const { data: house, error } = useLoad('/console/data/house');
  const readiness = useLoad('/readyz', { period: 5000 });
  const after = Math.floor(Date.now() / 15000) * 15 - 30;
  const { data: history } = useLoad(can('metrics:read') ? `/console/data/history?after=${after}` : null, { period: 5000 });
  const rates = history?.rates ?? noRates;
  const { data: subscriptions } = useLoad(can('events:read') ? '/events/subscriptions' : null, { period: 10000 });
  const { missing, isKnown } = useFirstEntity();
  const isComplete = Boolean(house && isKnown);
  useEffect(() => {
    if (isComplete) whenIdle(loadInnerPages); // so that the other pages open immediately
  }, [isComplete]);
  return (
    <Page title="House" note={house && `${house.name} ${house.version}: what it consists of, and what flows through it now.`}>
      <Problem error={error} />
      {isComplete && (
        <>
          <Summary house={house} readiness={readiness} history={history} />
          {missing && <FirstSteps entity={missing} />}
          <Overview house={house} rates={rates} subscriptions={subscriptions} />
          <OtherRoutes routes={house.other_routes ?? []} />
        </>
      )}
    </Page>
  );
}
