// Sessions of browsers that are valid now. An administrator can end each of them.
import { useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { useLoad } from '../core/live.js';
import { Button } from './button.jsx';
import { Confirm } from './confirm.jsx';
import { Empty } from './empty.jsx';
import { Problem } from './problem.jsx';
import { Section } from './section.jsx';
import { Table } from './table.jsx';
import { Time } from './time.jsx';

const columnsWith = (setOpen) => [
  { title: 'Id', kind: 'id', show: ({ id }) => String(id) },
  { title: 'Principal', kind: 'mono', show: ({ name }) => name },
  { title: 'Scopes', kind: 'mono', show: ({ scopes }) => scopes.join(' ') },
  { title: 'Began', kind: 'time', show: ({ created }) => <Time value={created} withDate /> },
  { title: 'Ends', kind: 'time', show: ({ expires }) => <Time value={expires} relative /> },
  {
    title: 'Actions',
    kind: 'tool',
    isQuiet: true,
    show: (session) => (
      <Button kind="small danger" aria-label={`End session ${session.id} of ${session.name}`} onClick={() => setOpen(session)}>
        End…
      </Button>
    ),
  },
];

export function Sessions() {
  const [open, setOpen] = useState();
  const { data, next, error, reload } = useLoad('/sessions');
  const end = async () => {
    await request('DELETE', `/sessions/${open.id}`);
    announce(`The session of ${open.name} has ended`);
    reload();
  };
  return (
    <Section title="Sessions">
      <Problem error={error} />
      <Table
        label="Sessions"
        columns={columnsWith(setOpen)}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ id }) => id}
        empty={<Empty title="There are no sessions." />}
      />
      {next && <p class="hint">Only the newest are shown.</p>}
      {open && (
        <Confirm title={`End the session of ${open.name}?`} action="End session" work={end} onClose={() => setOpen(undefined)}>
          <p>The browser has to sign in again. If it is your own session, this page asks for a token.</p>
        </Confirm>
      )}
    </Section>
  );
}
