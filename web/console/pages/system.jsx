// The server itself: its version and configuration, its database, its backups and its tokens.
import { useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { formatBytes } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { can } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Configuration } from '../parts/configuration.jsx';
import { Empty } from '../parts/empty.jsx';
import { Figure } from '../parts/figure.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { Sessions } from '../parts/sessions.jsx';
import { Section } from '../parts/section.jsx';
import { Table } from '../parts/table.jsx';
import { Time } from '../parts/time.jsx';
import { Tokens } from '../parts/tokens.jsx';

function Overview({ system }) {
  const { version, build, started_at: start, storage, auth, tls } = system;
  return (
    <dl class="figures">
      <Figure name="Version" value={version} note={build?.split(', ')[0]} />
      <Figure name="Started" value={<Time value={start} relative />} note={<Time value={start} withDate />} />
      <Figure name="Database" value={formatBytes(storage.bytes)} note={`${formatBytes(storage.free_bytes)} free`} />
      <Figure name="Write-ahead log" value={formatBytes(storage.wal_bytes)} />
      <Figure name="Sign-in" value={auth.mode} note={auth.mode === 'none' ? 'every client may do everything' : undefined} />
      <Figure name="HTTPS" value={tls ? 'on' : 'off'} />
    </dl>
  );
}

function Backups({ system, reload }) {
  const [state, setState] = useState({});
  const make = async () => {
    setState({ isBusy: true });
    try {
      const { status, data } = await request('POST', '/console/backups', { body: {} });
      const isComplete = status === 201;
      announce(
        isComplete
          ? `The backup ${data.name} is complete: ${formatBytes(data.bytes)}`
          : `The backup ${data.name} continues; it is listed when it is complete`,
      );
      setState({});
    } catch (error) {
      setState({ error });
    }
    reload();
  };
  const columns = [
    { title: 'File', kind: 'mono', show: ({ name }) => name },
    { title: 'Size', kind: 'number', show: ({ bytes }) => formatBytes(bytes) },
    { title: 'Made', kind: 'time', show: ({ at }) => <Time value={at} withDate /> },
  ];
  return (
    <Section
      title="Backups"
      action={
        <Button data-key="b" reason={state.isBusy ? 'A backup is being made.' : undefined} onClick={make}>
          {state.isBusy ? 'Backing up…' : 'Back up now'}
        </Button>
      }
    >
      <p class="muted">
        In <code>{system.backup_folder}</code>. Requests do not wait for a backup. Copy the files to another machine, and
        restore one from time to time, to be sure that you can.
      </p>
      <Problem error={state.error} />
      <Table
        label="Backups"
        columns={columns}
        rows={system.backups}
        keyOf={({ name }) => name}
        empty={<Empty title="There are no backups in this folder yet." />}
      />
    </Section>
  );
}

function Migrations({ rows }) {
  const columns = [
    { title: 'Module', kind: 'mono', show: ({ module }) => module },
    { title: 'Migration', kind: 'mono', show: ({ name }) => name },
    { title: 'Applied', kind: 'time', show: ({ applied_at: at }) => <Time value={at} withDate /> },
  ];
  return (
    <Section title="Migrations">
      <Table label="Migrations" columns={columns} rows={rows} keyOf={({ module, name }) => `${module}/${name}`} />
    </Section>
  );
}

function Content() {
  const { data, error, reload } = useLoad('/console/data/system', { period: 15000 });
  return (
    <>
      <Problem error={error} />
      {data && (
        <>
          <Overview system={data} />
          <Backups system={data} reload={reload} />
          <Configuration rows={data.configuration} />
          {/* Tokens and Sessions are near the end, because they load their own data and move the sections below them when they
              appear. */}
          <Tokens mode={data.auth.mode} />
          {data.auth.mode !== 'none' && <Sessions />}
          <Migrations rows={data.migrations} />
        </>
      )}
    </>
  );
}

export function System() {
  return <Page title="System">{can('admin') ? <Content /> : <Forbidden scope="admin" />}</Page>;
}
