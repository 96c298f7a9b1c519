// One subscription: its backlog, its last failure, and the possible actions.
import { useState } from 'preact/hooks';

import { withQuery } from '../core/api.js';
import { formatCount, formatRate, formatSeconds, isCounted } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { can, reasonAgainst } from '../core/session.js';
import { reasonAgainstReplay } from '../core/subscriptions.js';
import { Button } from '../parts/button.jsx';
import { Empty } from '../parts/empty.jsx';
import { EventTable } from '../parts/event_table.jsx';
import { Figure } from '../parts/figure.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { PauseButton } from '../parts/pause_button.jsx';
import { Problem } from '../parts/problem.jsx';
import { ReplayDialog } from '../parts/replay.jsx';
import { Section } from '../parts/section.jsx';
import { SubscriptionState } from '../parts/subscription_state.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const list = '/console/events/subscriptions';

function Figures({ value }) {
  const dead = withQuery('/console/events/dead-letters', { subscription: value.name });
  return (
    <dl class="figures">
      <Figure
        name="Pending"
        value={formatCount(value.pending)}
        note={value.oldest_pending_ms ? `oldest ${formatSeconds(value.oldest_pending_ms / 1000)}` : undefined}
      />
      <Figure name="Ready" value={formatCount(value.ready)} />
      <Figure name="In backoff" value={formatCount(value.backoff)} kind={isCounted(value.backoff) ? 'warn' : undefined} />
      <Figure
        name="Dead"
        value={formatCount(value.dead)}
        kind={isCounted(value.dead) ? 'bad' : undefined}
        href={isCounted(value.dead) ? dead : undefined}
      />
      <Figure name="Events/s" value={formatRate(value.rate)} />
    </dl>
  );
}

function Recent({ topic }) {
  const { data, next, error } = useLoad(withQuery('/events/', { topic, order: 'newest', limit: 10 }), { period: 5000 });
  const all = withQuery('/console/events', { topic });
  const none = next ? (
    <Empty title="None of the newest events has this topic.">
      <a href={all}>Search all events</a>
    </Empty>
  ) : (
    <Empty title="The journal has no events with this topic." />
  );
  return (
    <Section title={topic} action={<a href={all}>Follow</a>}>
      <Problem error={error} />
      {!error && <EventTable label={`Newest events of ${topic}`} rows={data} empty={none} />}
    </Section>
  );
}

function Content({ name }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, reload } = useLoad(`/events/subscriptions/${encodeURIComponent(name)}`, { period: 2000 });
  return (
    <>
      <Problem error={error} />
      {data && (
        <>
          <div class="actions verbs">
            <SubscriptionState value={data} />
            <PauseButton subscription={data} onDone={reload} kind="plain" data-key="p" />
            <Button
              data-key="r"
              reason={reasonAgainst('events:operate') ?? reasonAgainstReplay(data)}
              onClick={() => setOpen(true)}
            >
              Replay…
            </Button>
          </div>
          <Figures value={data} />
          {data.last_error && (
            <Section title="Latest error" action={<Time value={data.last_error_at} relative />}>
              <pre class="error-text" tabIndex={0} role="group" aria-label="Latest error">
                {data.last_error}
              </pre>
            </Section>
          )}
          {data.topics.map((topic) => (
            <Recent key={topic} topic={topic} />
          ))}
        </>
      )}
      {isOpen && <ReplayDialog subscription={name} onDone={reload} onClose={() => setOpen(false)} />}
    </>
  );
}

export function Subscription({ name }) {
  return (
    <Page title={name} trail={[[list, 'Subscriptions']]} tabs={<EventsTabs />}>
      {can('events:read') ? <Content name={name} /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
