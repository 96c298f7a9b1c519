// What the server does now: plots of the last hour, one sample every few seconds.
import { useEffect, useRef, useState } from 'preact/hooks';

import { get, withQuery } from '../core/api.js';
import { formatBytes, formatCount, formatRate, formatSeconds } from '../core/format.js';
import { useModule } from '../core/late_module.js';
import { useInterval } from '../core/live.js';
import { address, setQuery } from '../core/router.js';
import { can } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { Plot, cursor } from '../parts/plot.jsx';
import { Problem } from '../parts/problem.jsx';
import { Status } from '../parts/status.jsx';

const ranges = [
  ['5', '5 min'],
  ['15', '15 min'],
  ['60', '1 hour'],
];
const whole = (value) => (value === null || value === undefined ? '–' : formatCount(Math.round(value)));

const plots = [
  {
    title: 'Requests per second',
    format: formatRate,
    lines: [
      { column: 'requests', name: 'all', color: 'accent', fill: true },
      { column: 'client_errors', name: '4xx', color: 'warn' },
      { column: 'server_errors', name: '5xx', color: 'bad' },
    ],
  },
  {
    title: 'Time of requests',
    format: formatSeconds,
    lines: [
      { column: 'p50', name: '50%', color: 'good' },
      { column: 'p90', name: '90%', color: 'accent' },
      { column: 'p99', name: '99%', color: 'warn' },
    ],
  },
  {
    title: 'Events per second',
    format: formatRate,
    lines: [
      { column: 'published', name: 'published', color: 'accent', fill: true },
      { column: 'handled', name: 'handled', color: 'good' },
      { column: 'failed', name: 'failed', color: 'bad' },
    ],
  },
  {
    title: 'Waiting events',
    format: whole,
    unit: 'counts',
    lines: [
      { column: 'backlog', name: 'backlog', color: 'accent', fill: true },
      { column: 'dead_letters', name: 'dead letters', color: 'bad' },
    ],
  },
  {
    title: 'Commits',
    format: formatRate,
    lines: [
      { column: 'commits', name: 'per second', color: 'accent', fill: true },
      { column: 'batch', name: 'changes per commit', color: 'good' },
    ],
  },
  {
    title: 'Queue of the writer',
    format: whole,
    unit: 'counts',
    lines: [{ column: 'writer_queue', name: 'waiting', color: 'accent', fill: true }],
  },
  {
    title: 'Memory',
    format: formatBytes,
    unit: 'bytes',
    lines: [{ column: 'memory', name: 'resident', color: 'accent', fill: true }],
  },
  {
    title: 'Write-ahead log',
    format: formatBytes,
    unit: 'bytes',
    lines: [{ column: 'wal', name: 'size', color: 'accent', fill: true }],
  },
  {
    title: 'Connections',
    format: whole,
    unit: 'counts',
    lines: [{ column: 'connections', name: 'open', color: 'accent', fill: true }],
  },
];

const loadDrawing = () => import('../core/plot.js'); // with uPlot, which is half as large as the console

const timeOf = (row, columns) => Number(row[columns.indexOf('time')]);

/** The samples of the last hour; only new ones are fetched. */
function useHistory(isPaused) {
  const [state, setState] = useState({ rows: [], columns: [], interval: 5 });
  const last = useRef(0);
  const load = async () => {
    try {
      const { data } = await get(withQuery('/console/data/history', { after: last.current || undefined }));
      const oldest = Date.now() / 1000 - 3600;
      if (data.rows.length > 0) last.current = timeOf(data.rows.at(-1), data.columns);
      setState((old) => ({
        ...data,
        hasLoaded: true,
        rows: [...old.rows, ...data.rows].filter((each) => timeOf(each, data.columns) >= oldest),
      }));
    } catch (error) {
      setState((old) => ({ ...old, error }));
    }
  };
  useEffect(() => {
    load();
  }, []);
  useInterval(load, state.interval * 1000, !isPaused);
  return state;
}

function Plots({ history, minutes, draw }) {
  const { rows, columns } = history;
  const end = rows.length > 0 ? timeOf(rows.at(-1), columns) : Math.floor(Date.now() / 1000);
  const range = [end - minutes * 60, end];
  const shown = rows.filter((each) => timeOf(each, columns) >= range[0]);
  const times = shown.map((each) => timeOf(each, columns));
  const valuesOf = (column) => {
    const index = columns.indexOf(column);
    return shown.map((each) => (each[index] === null || each[index] === undefined ? null : Number(each[index])));
  };
  return (
    <div class="plots" onMouseLeave={() => (cursor.value = null)}>
      {plots.map((each) => (
        <Plot
          key={each.title}
          {...each}
          draw={draw}
          times={times}
          values={each.lines.map(({ column }) => valuesOf(column))}
          range={range}
        />
      ))}
    </div>
  );
}

function Content() {
  const [isPaused, setPaused] = useState(false);
  const history = useHistory(isPaused);
  const drawing = useModule(loadDrawing);
  const minutes = address.value.query.minutes ?? '15';
  return (
    <>
      <div class="filters" role="group" aria-label="Plots">
        <div class="switch" role="group" aria-label="Range">
          {ranges.map(([value, text]) => (
            <button
              key={value}
              type="button"
              aria-pressed={minutes === value}
              onClick={() => setQuery({ minutes: value === '15' ? undefined : value })}
            >
              {text}
            </button>
          ))}
        </div>
        <Button data-key="p" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Continue' : 'Pause'}
        </Button>
        <Status kind={isPaused ? 'warn' : 'good'}>{isPaused ? 'Paused' : 'Live'}</Status>
        {history.hasLoaded && history.rows.length < 2 && (
          <span class="muted">The first samples arrive within {history.interval * 2} seconds.</span>
        )}
      </div>
      <Problem error={history.error ?? drawing.error} />
      <Plots history={history} minutes={Number(minutes)} draw={drawing.module?.drawPlot} />
    </>
  );
}

export function Now() {
  return (
    <Page title="Now" note="The last hour of this process, kept in memory.">
      {can('metrics:read') ? <Content /> : <Forbidden scope="metrics:read" />}
    </Page>
  );
}
