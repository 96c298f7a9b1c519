// One dead letter: the errors, the data of its event, and the possible actions.
import { useEffect, useState } from 'preact/hooks';

import { plural } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { navigate } from '../core/router.js';
import { can, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { DeadLetterVerb } from '../parts/dead_letter_verbs.jsx';
import { EditLetter } from '../parts/edit_letter.jsx';
import { Key } from '../parts/event_table.jsx';
import { Failures } from '../parts/failures.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Json } from '../parts/json.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { Section } from '../parts/section.jsx';
import { Status } from '../parts/status.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const list = '/console/events/dead-letters';

function Facts({ letter }) {
  return (
    <dl class="facts">
      <div>
        <dt>Subscription</dt>
        <dd>
          <a href={`/console/events/subscriptions/${letter.subscription}`}>{letter.subscription}</a>
        </dd>
      </div>
      <div>
        <dt>Event</dt>
        <dd>
          <a href={`/console/events/${letter.seq}`}>{String(letter.seq)}</a>
        </dd>
      </div>
      <div>
        <dt>Topic</dt>
        <dd class="mono">{letter.topic}</dd>
      </div>
      <div>
        <dt>Key</dt>
        <dd class="mono">
          <Key value={letter.key} />
        </dd>
      </div>
      <div>
        <dt>Died</dt>
        <dd>
          <Time value={letter.died_at} withDate />
        </dd>
      </div>
      <div>
        <dt>Group</dt>
        <dd>
          <a href={`${list}?view=list&group=${letter.group}`}>Similar failures</a>
        </dd>
      </div>
    </dl>
  );
}

/** Shows what becomes of the dead letter after a retry, until it is handled or dead again. */
function Retried({ letter, onDead }) {
  const [isMoving, setMoving] = useState(true);
  const { data, error } = useLoad(`/events/${letter.seq}`, { period: isMoving ? 1000 : 0 });
  const delivery = data?.subscriptions.find(({ name }) => name === letter.subscription);
  const state = delivery?.state;
  useEffect(() => {
    if (state !== 'handled' && state !== 'dead') return;
    setMoving(false);
    if (state === 'dead') onDead();
  }, [state]);
  return (
    <>
      <Problem error={error} />
      <p class="step-facts retried" role="status">
        <span>Retried:</span>
        {state === 'handled' && <Status kind="good">delivered</Status>}
        {state === 'dead' && <Status kind="bad">dead again</Status>}
        {isMoving && <Status kind="info">pending</Status>}
        {isMoving && delivery?.due && (
          <span>
            next attempt <Time value={delivery.due} relative />
          </span>
        )}
        <a href={`/console/events/${letter.seq}`}>Journey of the event</a>
      </p>
    </>
  );
}

function Content({ id }) {
  const [open, setOpen] = useState();
  const [retries, setRetries] = useState(0);
  const [isGone, setGone] = useState(false); // true after a retry, until the delivery is dead again
  const { data, error, reload } = useLoad(`/events/dead-letters/${encodeURIComponent(id)}`);
  const close = () => setOpen(undefined);
  const leave = () => navigate(list, { replace: true });
  const stay = () => {
    close();
    setRetries(retries + 1);
    setGone(true);
  };
  const onDead = () => {
    setGone(false);
    reload();
  };
  const reason = reasonAgainst('events:operate');
  return (
    <>
      <Problem error={error}>
        <p>
          It was retried, edited or discarded: see the <a href="/console/events/archive">archive</a> or the other{' '}
          <a href={list}>dead letters</a>.
        </p>
      </Problem>
      {data && (
        <>
          {retries > 0 && <Retried key={retries} letter={data} onDead={onDead} />}
          <div class="actions verbs" hidden={isGone}>
            <Button
              data-key="t"
              kind="primary"
              reason={reason}
              onClick={() => setOpen({ verb: 'retry', filter: { ids: [data.id] } })}
            >
              Retry…
            </Button>
            <Button data-key="e" reason={reason} onClick={() => setOpen({ verb: 'edit' })}>
              Edit and retry…
            </Button>
            <Button
              data-key="x"
              kind="danger"
              reason={reason}
              onClick={() => setOpen({ verb: 'discard', filter: { ids: [data.id] } })}
            >
              Discard…
            </Button>
          </div>
          <Facts letter={data} />
          <Section title={`Latest failures of ${plural(data.attempts, 'attempt')}`}>
            <Failures errors={data.errors} />
          </Section>
          <Section title="Event">
            <Json value={data.event} label="Event" />
          </Section>
        </>
      )}
      {open?.verb === 'edit' ? (
        <EditLetter letter={data} onClose={close} />
      ) : (
        <DeadLetterVerb open={open} onDone={open?.verb === 'retry' ? stay : leave} onClose={close} />
      )}
    </>
  );
}

export function DeadLetter({ id }) {
  return (
    <Page title={`Dead letter ${id}`} trail={[[list, 'Dead letters']]} tabs={<EventsTabs />}>
      {can('events:read') ? <Content id={id} /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
