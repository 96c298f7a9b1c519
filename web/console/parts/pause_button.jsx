// Pauses a subscription after asking for confirmation, and resumes it.
import { useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { reasonAgainst } from '../core/session.js';
import { reasonAgainstPause } from '../core/subscriptions.js';
import { Button } from './button.jsx';
import { Confirm } from './confirm.jsx';
import { Field } from './field.jsx';

export function PauseButton({ subscription, onDone, kind = 'small', ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { name, paused } = subscription;
  const verb = paused ? 'Resume' : 'Pause';
  const work = async () => {
    await request('POST', `/events/subscriptions/${name}/${verb.toLowerCase()}`, reason ? { body: { reason } } : {});
    announce(`${name} is ${paused ? 'resumed' : 'paused'}`);
    onDone();
  };
  return (
    <>
      <Button
        kind={kind}
        reason={reasonAgainst('events:operate') ?? reasonAgainstPause(subscription)}
        onClick={() => setOpen(true)}
        aria-label={`${verb} ${name}`}
        {...rest}
      >
        {verb}…
      </Button>
      {isOpen && (
        <Confirm title={`${verb} ${name}?`} action={verb} kind="primary" work={work} onClose={() => setOpen(false)}>
          <p>
            {paused
              ? 'Its events are delivered again, beginning with those that wait.'
              : 'Its events wait in the journal, also over a restart, until it is resumed. Nothing is lost.'}
          </p>
          <Field label="Reason" description="Kept in the journal with the action.">
            {(attributes) => <input {...attributes} value={reason} onInput={(event) => setReason(event.target.value)} />}
          </Field>
        </Confirm>
      )}
    </>
  );
}
