// Dead letters that were discarded, edited or removed by a limit.
import { useState } from 'preact/hooks';

import { withQuery } from '../core/api.js';
import { useLoad } from '../core/live.js';
import { address } from '../core/router.js';
import { can } from '../core/session.js';
import { Clamped } from '../parts/clamped.jsx';
import { Empty } from '../parts/empty.jsx';
import { Failures } from '../parts/failures.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Json } from '../parts/json.jsx';
import { Page } from '../parts/page.jsx';
import { Pager } from '../parts/pager.jsx';
import { Problem } from '../parts/problem.jsx';
import { Status } from '../parts/status.jsx';
import { Table } from '../parts/table.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const kinds = { discarded: 'muted', edited: 'good', expired: 'warn' };

function Detail({ letter }) {
  return (
    <div class="detail-body">
      <Failures errors={letter.errors} />
      <Json value={letter.event} label="Event" />
    </div>
  );
}

function Content() {
  const [selected, setSelected] = useState();
  const { after } = address.value.query;
  const { data, next, error, isLoading } = useLoad(withQuery('/events/archive', { limit: 50, after }));
  const toggle = (id) => setSelected((old) => (old === id ? undefined : id));
  const columns = [
    {
      title: 'Id',
      kind: 'id',
      show: ({ id }) => (
        <button type="button" class="link" aria-expanded={selected === id} onClick={() => toggle(id)}>
          {String(id)}
        </button>
      ),
    },
    { title: 'What became of it', show: ({ resolution }) => <Status kind={kinds[resolution]}>{resolution}</Status> },
    {
      title: 'Event',
      kind: 'id',
      show: ({ replacement, seq }) => <a href={`/console/events/${replacement ?? seq}`}>{String(replacement ?? seq)}</a>,
    },
    { title: 'Subscription', kind: 'mono', show: ({ subscription }) => subscription },
    { title: 'Key', kind: 'mono', show: ({ key }) => key },
    { title: 'Error', kind: 'error-text', show: ({ error }) => <Clamped text={error} /> },
    { title: 'By', show: ({ who }) => who },
    { title: 'Reason', show: ({ reason }) => reason },
    { title: 'When', kind: 'time', show: ({ at }) => <Time value={at} /> },
  ];
  return (
    <>
      <Problem error={error} />
      <Table
        label="Archive of dead letters"
        columns={columns}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ id }) => id}
        isLoading={isLoading}
        isSelected={({ id }) => selected === id}
        detailOf={(letter) => selected === letter.id && <Detail letter={letter} />}
        empty={<Empty title="The archive is empty.">Dead letters that are discarded or edited go here, with the reason.</Empty>}
      />
      <Pager next={next} count={data?.length} isLoading={isLoading} />
    </>
  );
}

export function Archive() {
  return (
    <Page title="Archive" tabs={<EventsTabs />}>
      {can('events:read') ? <Content /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
