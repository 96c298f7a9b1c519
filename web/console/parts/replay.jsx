// Delivers events of the journal again: to a handler of this server (replay), or to a queue at the broker (resend).
import { useState } from 'preact/hooks';

import { toInteger } from '../core/exact_json.js';
import { BulkDialog } from './bulk_dialog.jsx';
import { Field } from './field.jsx';

const replayText = `Its handler gets these events of the journal again, and can see that they are a replay. Events that it has
not handled yet, and dead letters, are left as they are.`;
const resendText = `The queue of the subscription gets these events of the journal again. The receiver ignores those that it has
received before.`;

/** Converts a limit from the form to what the API expects: the seq of an event as a number, or a time as a text. */
const limitOf = (text) => (/^\d+$/.test(text) ? toInteger(text) : text);

function bodyOf({ from, to, topic }) {
  const range = { ...(from && { from: limitOf(from) }), ...(to && { to: limitOf(to) }), ...(topic && { topic }) };
  return Object.keys(range).length > 0 ? range : { all: true };
}

function Text({ name, label, description, values, setValues }) {
  return (
    <Field label={label} description={description}>
      {(attributes) => (
        <input
          {...attributes}
          value={values[name]}
          autocomplete="off"
          onInput={(event) => setValues((all) => ({ ...all, [name]: event.target.value.trim() }))}
        />
      )}
    </Field>
  );
}

function Range(rest) {
  return (
    <div class="form-row">
      <Text name="from" label="From" description="Number of an event, or a time such as 2026-11-22T12:00:00Z." {...rest} />
      <Text name="to" label="To" description="The last event, as a number or a time. If empty: until now." {...rest} />
      <Text name="topic" label="Topic" description="A pattern. If empty: all topics of the subscription." {...rest} />
    </div>
  );
}

const initialValues = (first) => ({ from: '', to: '', topic: '', subscription: '', ...first });

export function ReplayDialog({ subscription, first, onClose, onDone }) {
  const [values, setValues] = useState(() => initialValues(first));
  return (
    <BulkDialog
      verb={{ title: `Replay to ${subscription}`, action: 'Replay', done: 'Replayed' }}
      thing="event"
      target={`/events/subscriptions/${subscription}/replay`}
      body={bodyOf(values)}
      summary={replayText}
      onDone={onDone}
      onClose={onClose}
    >
      <Range values={values} setValues={setValues} />
    </BulkDialog>
  );
}

export function ResendDialog({ first, onClose }) {
  const [values, setValues] = useState(() => initialValues(first));
  const { subscription } = values;
  return (
    <BulkDialog
      verb={{ title: 'Send events to the broker again', action: 'Send', done: 'Sent' }}
      thing="event"
      target="/events/resend"
      body={{ ...bodyOf(values), subscription }}
      missing={subscription ? undefined : 'Write the name of the subscription.'}
      summary={resendText}
      onClose={onClose}
    >
      <Text name="subscription" label="Subscription" values={values} setValues={setValues} />
      <Range values={values} setValues={setValues} />
    </BulkDialog>
  );
}
