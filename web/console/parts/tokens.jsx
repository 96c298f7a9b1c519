// The tokens of the server. The secret of a new token is shown once.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { description } from '../core/description.js';
import { useLoad } from '../core/live.js';
import { Button } from './button.jsx';
import { Command } from './command.jsx';
import { Confirm } from './confirm.jsx';
import { Dialog } from './dialog.jsx';
import { Empty } from './empty.jsx';
import { errorsByName, focusFirstError } from './entity_fields.jsx';
import { Field } from './field.jsx';
import { Problem } from './problem.jsx';
import { Section } from './section.jsx';
import { Status } from './status.jsx';
import { Table } from './table.jsx';
import { Time } from './time.jsx';

const fixedScopes = ['events:read', 'events:operate', 'metrics:read', 'admin'];
const kinds = { active: 'good', expired: 'muted', revoked: 'muted' };
const days = [
  ['', 'never'],
  ['1', 'in a day'],
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
];

function scopesOfServer() {
  const ofEntities = (description.value?.entities ?? []).flatMap(({ scopes }) => Object.values(scopes)).filter(Boolean);
  return [...new Set([...ofEntities, ...fixedScopes])];
}

function Created({ token, onClose }) {
  return (
    <Dialog title={`The token ${token.name}`} onClose={onClose}>
      <p>Copy it now. Only its hash is stored, so it cannot be shown again.</p>
      <Command text={token.token} label="Copy token" />
      <footer class="dialog-foot">
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      </footer>
    </Dialog>
  );
}

function ScopeBoxes({ scopes, setScopes, fault }) {
  const toggle = (scope) => setScopes((all) => (all.includes(scope) ? all.filter((each) => each !== scope) : [...all, scope]));
  return (
    <fieldset class={fault ? 'invalid' : undefined}>
      <legend>Scopes</legend>
      <div class="boxes">
        {scopesOfServer().map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} /> {scope}
          </label>
        ))}
      </div>
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}

function Create({ onCreated, onClose }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState([]);
  const [age, setAge] = useState('90');
  const [state, setState] = useState({});
  const form = useRef();
  const errors = errorsByName(state.error);
  useLayoutEffect(() => focusFirstError(form.current), [state.error]);
  const send = async (event) => {
    event.preventDefault();
    setState({ isBusy: true });
    try {
      const expires = age ? { expires: new Date(Date.now() + Number(age) * 86400000).toISOString() } : {};
      const { data } = await request('POST', '/tokens', { body: { name, scopes, ...expires } });
      onCreated(data);
    } catch (error) {
      setState({ error });
    }
  };
  const reason = state.isBusy ? 'It is being made.' : scopes.length === 0 ? 'Choose at least one scope.' : undefined;
  return (
    <Dialog title="New token" onClose={onClose}>
      <form class="form" ref={form} onSubmit={reason ? (event) => event.preventDefault() : send}>
        <Problem error={state.error} hidden={['/name', '/scopes', '/expires']} />
        <Field label="Name" isRequired error={errors.name} description="The person or program that will use it, such as ci.">
          {(attributes) => (
            <input {...attributes} value={name} autocomplete="off" onInput={(event) => setName(event.target.value)} />
          )}
        </Field>
        <ScopeBoxes scopes={scopes} setScopes={setScopes} fault={errors.scopes} />
        <Field label="Expires" error={errors.expires}>
          {(attributes) => (
            <select {...attributes} value={age} onChange={(event) => setAge(event.target.value)}>
              {days.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <footer class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" reason={reason}>
            Make token
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function List() {
  const [open, setOpen] = useState({});
  const { data, error, reload } = useLoad('/tokens');
  const close = () => setOpen({});
  const revoke = async () => {
    await request('DELETE', `/tokens/${encodeURIComponent(open.token.name)}`);
    announce(`The token ${open.token.name} is revoked`);
    reload();
  };
  const columns = [
    { title: 'Name', kind: 'mono', show: ({ name }) => name },
    { title: 'State', show: ({ state }) => <Status kind={kinds[state]}>{state}</Status> },
    { title: 'Scopes', kind: 'mono', show: ({ scopes }) => scopes.join(' ') },
    { title: 'Last use', kind: 'time', show: ({ used }) => (used ? <Time value={used} relative /> : 'never') },
    { title: 'Expires', kind: 'time', show: ({ expires }) => (expires ? <Time value={expires} relative /> : 'never') },
    {
      title: 'Made by',
      kind: 'late',
      show: ({ created_by: by, created }) => (
        <>
          {by}, <Time value={created} withDate />
        </>
      ),
    },
    {
      title: 'Actions',
      kind: 'tool',
      isQuiet: true,
      show: (token) =>
        token.state === 'active' && (
          <Button kind="small danger" aria-label={`Revoke ${token.name}`} onClick={() => setOpen({ verb: 'revoke', token })}>
            Revoke…
          </Button>
        ),
    },
  ];
  return (
    <Section
      title="Tokens"
      action={
        <Button data-key="n" data-key-label="New token" onClick={() => setOpen({ verb: 'create' })}>
          New token
        </Button>
      }
    >
      <Problem error={error} />
      <Table
        label="Tokens"
        columns={columns}
        rows={data ?? (error ? [] : undefined)}
        keyOf={({ name, created }) => `${name} ${created}`}
        empty={<Empty title="There are no tokens." />}
      />
      {open.verb === 'create' && (
        <Create
          onClose={close}
          onCreated={(token) => {
            setOpen({ verb: 'show', token });
            reload();
          }}
        />
      )}
      {open.verb === 'show' && <Created token={open.token} onClose={close} />}
      {open.verb === 'revoke' && (
        <Confirm title={`Revoke ${open.token.name}?`} action="Revoke" work={revoke} onClose={close}>
          <p>Programs that use it, and sessions that were begun with it, are refused within a second.</p>
        </Confirm>
      )}
    </Section>
  );
}

export function Tokens({ mode }) {
  if (mode !== 'none') return <List />;
  return (
    <Section title="Tokens">
      <p class="muted">
        With <code>auth.mode = "none"</code> every client may do everything, and there are no tokens. Set it to{' '}
        <code>"token"</code> before others can reach the server.
      </p>
    </Section>
  );
}
