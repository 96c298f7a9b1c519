// Shows the journal as it grows. Selecting an event shows its data and stops the list from moving; new events appear when the
// event is no longer selected.
import { useEffect, useRef, useState } from 'preact/hooks';

import { withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { useEventFeed } from '../core/event_feed.js';
import { writeJson } from '../core/exact_json.js';
import { plural } from '../core/format.js';
import { address } from '../core/router.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Copy } from '../parts/copy.jsx';
import { Empty } from '../parts/empty.jsx';
import { eventColumns } from '../parts/event_table.jsx';
import { Filters } from '../parts/filters.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Json } from '../parts/json.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { Status } from '../parts/status.jsx';
import { Table } from '../parts/table.jsx';
import { EventsTabs } from './events_tabs.jsx';

const filters = [
  {
    name: 'topic',
    title: 'Topic',
    isWide: true,
    placeholder: 'orders.* or #',
    description: '* is one word, # is any number of words',
  },
  { name: 'key', title: 'Key', placeholder: 'order/7' },
  { name: 'since', title: 'Since', format: 'date-time' },
  { name: 'until', title: 'Until', format: 'date-time' },
];

function LiveState({ state, isHeld }) {
  if (isHeld) return <Status kind="warn">Paused</Status>;
  const texts = {
    live: ['good', 'Live'],
    connecting: ['warn', 'Connecting'],
    closed: ['bad', 'Not connected'],
    ended: ['neutral', 'Ended'],
  };
  const [kind, text] = texts[state];
  return <Status kind={kind}>{text}</Status>;
}

function Detail({ event }) {
  return (
    <div class="detail-body">
      <Json value={event} label={`Event ${event.seq}`} />
      <p class="actions">
        <a class="button" href={`/console/events/${event.seq}`}>
          Journey
        </a>
        <a class="button" href={withQuery('/console/events', { key: event.subject })}>
          All of {event.subject}
        </a>
        <a class="button" href={withQuery('/console/events', { topic: event.type })}>
          All of this topic
        </a>
        <Copy text={() => writeJson(event.data, 2)}>Copy data</Copy>
      </p>
    </div>
  );
}

/**
 * Keeps the list as it is while `isHeld` is true. Returns {shown, waiting}: the events of the list, and the number of newer
 * events.
 */
function useHeld(events, isHeld) {
  const held = useRef();
  if (!isHeld) held.current = undefined;
  else held.current ??= events;
  const shown = held.current ?? events;
  const first = shown?.[0]?.seq;
  const position = events?.findIndex(({ seq }) => seq === first) ?? 0;
  const waiting = isHeld && events && shown ? (position < 0 ? events.length : position) : 0;
  return { shown, waiting };
}

function NoEvents({ isFiltered, searchedTo }) {
  if (searchedTo !== undefined)
    return (
      <Empty title="Searching older events…">
        None of the events from {String(searchedTo)} on matches. The server reads older ones in parts.
      </Empty>
    );
  return isFiltered ? (
    <Empty title="No events match.">New ones that match appear here automatically.</Empty>
  ) : (
    <Empty title="The journal has no events yet.">
      Every change of an entity makes one. Create a user or an order, and watch it arrive here.
    </Empty>
  );
}

function Log() {
  const { topic, key, since, until } = address.value.query;
  const feed = useEventFeed({ topic, key, since, until });
  const [selected, setSelected] = useState();
  const [isPaused, setPaused] = useState(false);
  const isHeld = isPaused || selected !== undefined;
  const { shown, waiting } = useHeld(feed.events, isHeld);
  useEffect(() => setSelected(undefined), [topic, key, since, until]);
  const toggle = (seq) => setSelected((old) => (old === seq ? undefined : seq));
  const release = () => {
    setSelected(undefined);
    setPaused(false);
  };
  const open = {
    title: 'Details',
    kind: 'tool',
    isQuiet: true,
    show: ({ seq }) => (
      <button
        type="button"
        class="button quiet expand"
        aria-expanded={selected === seq}
        aria-label={`Details of event ${seq}`}
        onClick={() => toggle(seq)}
      >
        {selected === seq ? '−' : '+'}
      </button>
    ),
  };
  return (
    <>
      <Filters filters={filters} label="Filter events">
        <Button data-key="p" aria-pressed={isHeld} onClick={() => (isHeld ? release() : setPaused(true))}>
          {isHeld ? 'Continue' : 'Pause'}
        </Button>
        <LiveState state={feed.state} isHeld={isHeld} />
        <span class="waiting" role="status">
          {waiting > 0 && (
            <button type="button" class="button quiet" onClick={release}>
              Show {plural(waiting, 'new event')}
            </button>
          )}
        </span>
      </Filters>
      <Problem error={feed.error} />
      {feed.state === 'closed' && (
        <Problem
          error={{
            title: 'The stream of events has ended',
            detail: 'Events after the last one shown may no longer be kept, or the session has ended.',
          }}
        >
          <Button onClick={feed.restart}>Connect again</Button>
        </Problem>
      )}
      <Table
        label="Events, newest first"
        columns={[...eventColumns, open]}
        rows={shown ?? (feed.error ? [] : undefined)}
        keyOf={({ seq }) => seq}
        isSelected={({ seq }) => selected === seq}
        detailOf={(event) => selected === event.seq && <Detail event={event} />}
        empty={<NoEvents isFiltered={topic || key || since || until} searchedTo={feed.searchedTo} />}
      />
      {feed.searchedTo !== undefined && shown?.length > 0 && (
        <p class="hint" role="status">
          Searching events before {String(feed.searchedTo)}…
        </p>
      )}
      {feed.hasMore && feed.searchedTo === undefined && (
        <div class="pager">
          <span class="muted">{plural(shown?.length ?? 0, 'event')} shown</span>
          <Button onClick={feed.loadMore}>Load older events</Button>
        </div>
      )}
    </>
  );
}

export function EventLog() {
  const { topic, key, since, until } = address.value.query;
  const target = withQuery('/events/', { topic, key, since, until, order: 'newest' });
  return (
    <Page
      title="Events"
      tabs={<EventsTabs />}
      actions={
        <>
          <Copy data-key="y" text={() => curl('GET', target, { needsToken: isSignedIn() })}>
            Copy as curl
          </Copy>
          {can('events:operate') ? (
            <a class="button" href="/console/events/publish" data-key="n">
              Publish
            </a>
          ) : (
            <Button reason={reasonAgainst('events:operate')}>Publish</Button>
          )}
        </>
      }
    >
      {can('events:read') ? <Log /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
