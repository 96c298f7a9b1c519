// Subscriptions with their backlog, and the bus that feeds them.
import { useState } from 'preact/hooks';

import { formatCount, formatRate, formatSeconds, isCounted } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { can, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Drain } from '../parts/drain.jsx';
import { Empty } from '../parts/empty.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { PauseButton } from '../parts/pause_button.jsx';
import { Problem } from '../parts/problem.jsx';
import { ResendDialog } from '../parts/replay.jsx';
import { Section } from '../parts/section.jsx';
import { Status } from '../parts/status.jsx';
import { SubscriptionState } from '../parts/subscription_state.jsx';
import { Table } from '../parts/table.jsx';
import { EventsTabs } from './events_tabs.jsx';

const deadLink = ({ name, dead }) =>
  isCounted(dead) ? (
    <a href={`/console/events/dead-letters?subscription=${name}`} class="bad">
      {formatCount(dead)}
    </a>
  ) : (
    '0'
  );

const columnsWith = (reload) => [
  { title: 'Subscription', kind: 'mono', show: ({ name }) => <a href={`/console/events/subscriptions/${name}`}>{name}</a> },
  { title: 'State', show: (row) => <SubscriptionState value={row} /> },
  { title: 'Pending', kind: 'number', show: ({ pending }) => formatCount(pending) },
  { title: 'In backoff', kind: 'number late', show: ({ backoff }) => formatCount(backoff) },
  { title: 'Dead', kind: 'number', show: deadLink },
  { title: 'Oldest', kind: 'number', show: ({ oldest_pending_ms: oldest }) => (oldest ? formatSeconds(oldest / 1000) : '–') },
  { title: 'Events/s', kind: 'number', show: ({ rate }) => formatRate(rate) },
  { title: 'Topics', kind: 'mono topics', show: ({ topics }) => topics.join(' ') },
  { title: 'Actions', kind: 'tool', isQuiet: true, show: (row) => <PauseButton subscription={row} onDone={reload} /> },
];

function Bus() {
  const [open, setOpen] = useState();
  const { data, error } = useLoad('/readyz', { period: 5000 });
  const bus = data?.bus;
  const broker = bus?.broker ?? bus;
  const isRemote = bus && bus.adapter !== 'in-process';
  const reason =
    reasonAgainst('events:operate') ??
    (bus && !isRemote ? 'Only with a broker: this server delivers its events itself.' : undefined);
  return (
    <Section
      title="Bus"
      action={
        <>
          <Button kind="small" reason={reason} onClick={() => setOpen('resend')}>
            Send again…
          </Button>
          <Button kind="small" reason={reason} onClick={() => setOpen('drain')}>
            Drain…
          </Button>
        </>
      }
    >
      <Problem error={error} />
      <dl class="facts">
        <div>
          <dt>Adapter</dt>
          <dd>{bus?.adapter ?? '…'}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{bus ? <Status kind={bus.ready ? 'good' : 'bad'}>{bus.ready ? 'ready' : 'not ready'}</Status> : '…'}</dd>
        </div>
        <div>
          <dt>Pending</dt>
          <dd>{formatCount(bus?.pending)}</dd>
        </div>
        {isRemote && (
          <div>
            <dt>Broker</dt>
            <dd>
              {broker.url ? `${broker.url}, ${broker.connected ? 'connected' : (broker.trouble ?? 'not connected')}` : '…'}
            </dd>
          </div>
        )}
        {data?.drained && (
          <div>
            <dt>Drained</dt>
            <dd>yes: nothing of this server is at the broker</dd>
          </div>
        )}
      </dl>
      {open === 'drain' && <Drain onClose={() => setOpen(undefined)} />}
      {open === 'resend' && <ResendDialog onClose={() => setOpen(undefined)} />}
    </Section>
  );
}

function Content() {
  const { data, error, reload } = useLoad('/events/subscriptions', { period: 3000 });
  return (
    <>
      <Problem error={error} />
      <Table
        label="Subscriptions"
        columns={columnsWith(reload)}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ name }) => name}
        empty={<Empty title="No module subscribes to events.">A module declares its subscriptions when it starts.</Empty>}
      />
      {(data || error) && <Bus />}
    </>
  );
}

export function Subscriptions() {
  return (
    <Page title="Subscriptions" tabs={<EventsTabs />}>
      {can('events:read') ? <Content /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
