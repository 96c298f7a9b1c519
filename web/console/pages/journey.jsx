// One event from its request to each subscription, as a timeline.
import { useState } from 'preact/hooks';

import { withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { writeJson } from '../core/exact_json.js';
import { formatCount, isCounted } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { isOutlet } from '../core/subscriptions.js';
import { Button } from '../parts/button.jsx';
import { Copy } from '../parts/copy.jsx';
import { Key } from '../parts/event_table.jsx';
import { Failures } from '../parts/failures.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Json } from '../parts/json.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { ReplayDialog } from '../parts/replay.jsx';
import { Section } from '../parts/section.jsx';
import { Status } from '../parts/status.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const kinds = {
  handled: 'good',
  ready: 'info',
  queued: 'info',
  backoff: 'warn',
  dead: 'bad',
  scheduled: 'info',
  at_broker: 'info',
  discarded: 'muted',
};

function Step({ title, kind = 'neutral', children }) {
  return (
    <li class={`step ${kind}`}>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

function Delivery({ delivery, seq, onReplay }) {
  const { name, state, attempts, position, due, replay, dead_letter: letter, archived, errors } = delivery;
  return (
    <Step title={<a href={`/console/events/subscriptions/${name}`}>{name}</a>} kind={kinds[state] ?? 'neutral'}>
      <p class="step-facts">
        <Status kind={kinds[state]}>{state.replace('_', ' ')}</Status>
        {attempts > 0 && <span>after {attempts === 1 ? 'one attempt' : `${attempts} attempts`}</span>}
        {isCounted(position) && <span>{formatCount(position)} before it</span>}
        {due && (
          <span>
            next attempt <Time value={due} relative />
          </span>
        )}
        {replay && <span>replay {replay}</span>}
        {letter && <a href={`/console/events/dead-letters/${letter}`}>Dead letter {letter}</a>}
        {archived !== undefined && <a href="/console/events/archive">In the archive</a>}
        {state === 'handled' && !isOutlet(name) && (
          <Button
            kind="small"
            reason={reasonAgainst('events:operate')}
            onClick={() => onReplay({ name, seq })}
            aria-label={`Replay to ${name}`}
          >
            Replay…
          </Button>
        )}
      </p>
      {errors.length > 0 && <Failures errors={errors} />}
    </Step>
  );
}

function Cause({ journey }) {
  const { request_id: requestId, trace_id: traceId, edited_from: editedFrom } = journey;
  return (
    <Step title={requestId ? 'Request' : 'Cause'}>
      <p class="step-facts">
        {requestId ? (
          <a class="mono" href={withQuery('/console/requests', { request_id: requestId, console: 'true' })}>
            {requestId}
          </a>
        ) : (
          <span>The server itself, or another event.</span>
        )}
        {traceId && (
          <span>
            trace <code>{traceId}</code>
          </span>
        )}
        {editedFrom && (
          <span>
            corrected from dead letter <code>{editedFrom}</code>
          </span>
        )}
      </p>
    </Step>
  );
}

function Timeline({ journey, onReplay }) {
  const { event, subscriptions } = journey;
  return (
    <ol class="timeline">
      <Cause journey={journey} />
      <Step title={event.type} kind="good">
        <p class="step-facts">
          <span>published</span>
          <Time value={event.time} precise withDate />
          <span>
            key{' '}
            <span class="mono">
              <Key value={event.subject} />
            </span>
          </span>
          <span>priority {event.priority}</span>
          <span>by {event.source}</span>
        </p>
      </Step>
      {subscriptions.map((each) => (
        <Delivery key={each.name} delivery={each} seq={journey.seq} onReplay={onReplay} />
      ))}
      {subscriptions.length === 0 && (
        <Step title="No subscription receives this topic">
          <p class="muted">The event stays in the journal, for followers of the stream and for GraphQL.</p>
        </Step>
      )}
    </ol>
  );
}

const unfinished = ['scheduled', 'queued', 'ready', 'backoff'];
const isUnderWay = (journey) => journey?.subscriptions.some(({ state }) => unfinished.includes(state));

function Content({ seq }) {
  const [open, setOpen] = useState();
  const [isMoving, setMoving] = useState(true);
  const { data, error, reload } = useLoad(`/events/${seq}`, { period: isMoving ? 1000 : 0 });
  if (data && isMoving !== Boolean(isUnderWay(data))) setMoving(Boolean(isUnderWay(data)));
  return (
    <>
      <Problem error={error} />
      {data && (
        <div class="split">
          <Section title="Journey">
            <Timeline journey={data} onReplay={setOpen} />
          </Section>
          <Section title="Event" action={<Copy text={() => writeJson(data.event.data, 2)}>Copy data</Copy>}>
            <Json value={data.event} label="Event" />
          </Section>
        </div>
      )}
      {open && (
        <ReplayDialog
          subscription={open.name}
          first={{ from: String(seq), to: String(seq) }}
          onDone={reload}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

export function Journey({ seq }) {
  return (
    <Page
      title={`Event ${seq}`}
      trail={[['/console/events', 'Events']]}
      tabs={<EventsTabs />}
      actions={
        <Copy data-key="y" text={() => curl('GET', `/events/${seq}`, { needsToken: isSignedIn() })}>
          Copy as curl
        </Copy>
      }
    >
      {can('events:read') ? <Content seq={seq} /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
