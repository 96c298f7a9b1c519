// The actions of operators on many dead letters or events, with their progress.
import { request, withQuery } from '../core/api.js';
import { announce } from '../core/announce.js';
import { formatCount } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { address } from '../core/router.js';
import { can, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Empty } from '../parts/empty.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { JsonLine } from '../parts/json.jsx';
import { Page } from '../parts/page.jsx';
import { Pager } from '../parts/pager.jsx';
import { Problem } from '../parts/problem.jsx';
import { Progress } from '../parts/progress.jsx';
import { Status } from '../parts/status.jsx';
import { Table } from '../parts/table.jsx';
import { Time } from '../parts/time.jsx';
import { EventsTabs } from './events_tabs.jsx';

const kinds = { running: 'info', done: 'good', cancelled: 'muted' };

function columnsWith(reload) {
  const cancel = async (id) => {
    try {
      await request('DELETE', `/events/operations/${id}`);
      announce(`Action ${id} was cancelled; what it has done remains done`);
    } catch (error) {
      announce(error.message);
    }
    reload();
  };
  return [
    { title: 'Id', kind: 'id', show: ({ id }) => String(id) },
    { title: 'Action', show: ({ verb }) => verb },
    { title: 'State', show: ({ state }) => <Status kind={kinds[state]}>{state}</Status> },
    {
      title: 'Progress',
      show: ({ done, matched }) => (
        <Progress done={done} total={matched} label={`${formatCount(done)} of ${formatCount(matched)}`} />
      ),
    },
    { title: 'Filter', kind: 'data', show: ({ filter }) => <JsonLine value={filter} /> },
    { title: 'By', show: ({ who }) => who },
    { title: 'Reason', show: ({ reason }) => reason },
    { title: 'Began', kind: 'time', show: ({ began_at }) => <Time value={began_at} /> },
    {
      title: 'Actions',
      kind: 'tool',
      isQuiet: true,
      show: ({ id, state }) =>
        state === 'running' && (
          <Button
            kind="small"
            reason={reasonAgainst('events:operate')}
            onClick={() => cancel(id)}
            aria-label={`Cancel action ${id}`}
          >
            Cancel
          </Button>
        ),
    },
  ];
}

function Content() {
  const { after } = address.value.query;
  const { data, next, error, isLoading, reload } = useLoad(withQuery('/events/operations', { limit: 50, after }), {
    period: 2000,
  });
  return (
    <>
      <Problem error={error} />
      <Table
        label="Actions on many events, newest first"
        columns={columnsWith(reload)}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ id }) => id}
        isLoading={isLoading}
        empty={
          <Empty title="No actions yet.">Retries, discards, replays and resends are listed here, with their reasons.</Empty>
        }
      />
      <Pager next={next} count={data?.length} isLoading={isLoading} />
    </>
  );
}

export function Operations() {
  return (
    <Page title="Operations" tabs={<EventsTabs />}>
      {can('events:read') ? <Content /> : <Forbidden scope="events:read" />}
    </Page>
  );
}
