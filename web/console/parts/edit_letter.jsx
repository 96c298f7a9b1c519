// Replaces a dead letter with a new event that has corrected data. Only the subscription of the dead letter receives it.
import { useRef, useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { newKey, request } from '../core/api.js';
import { readJson, writeJson } from '../core/exact_json.js';
import { navigate } from '../core/router.js';
import { Button } from './button.jsx';
import { Dialog } from './dialog.jsx';
import { Field } from './field.jsx';
import { Problem } from './problem.jsx';

/** Returns {data}, or {fault} if the text is invalid. */
export function parse(text) {
  try {
    return { data: readJson(text) };
  } catch (error) {
    return { fault: `This is not JSON: ${error.message}` };
  }
}

export function EditLetter({ letter, onClose }) {
  const [text, setText] = useState(() => writeJson(letter.event.data ?? {}, 2));
  const [reason, setReason] = useState('');
  const [state, setState] = useState({});
  const key = useRef(newKey());
  const { data, fault } = parse(text);
  const send = async (event) => {
    event.preventDefault();
    if (fault || state.isBusy) return;
    setState({ isBusy: true });
    try {
      const body = { data, ...(reason ? { reason } : {}) };
      const answer = await request('POST', `/events/dead-letters/${encodeURIComponent(letter.id)}/edit`, {
        body,
        key: key.current,
      });
      announce(`Event ${answer.data.seq} replaces the dead letter`);
      navigate(`/console/events/${answer.data.seq}`);
    } catch (error) {
      setState({ error });
      key.current = newKey();
    }
  };
  return (
    <Dialog title={`Edit and retry ${letter.id}`} isWide onClose={onClose}>
      <form class="form" onSubmit={send}>
        <p>
          A new event with this data takes the place of the dead letter. It keeps the topic <code>{letter.topic}</code>, the key
          and the priority, and only <code>{letter.subscription}</code> receives it.
        </p>
        <Field label="Data" error={fault}>
          {(attributes) => (
            <textarea
              {...attributes}
              class="mono"
              rows={12}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field label="Reason" description="Kept in the archive with the original.">
          {(attributes) => <input {...attributes} value={reason} onInput={(event) => setReason(event.target.value)} />}
        </Field>
        <Problem error={state.error} />
        <footer class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" reason={fault ?? (state.isBusy ? 'It is being sent.' : undefined)}>
            Publish the corrected event
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
