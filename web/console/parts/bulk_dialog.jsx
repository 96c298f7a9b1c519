// An action on many dead letters or events. The dialog first shows how many of them the action would change. Then it runs the
// action and shows the progress. While the dialog is open, a long action can be cancelled. If the dialog is closed, the action
// continues.
import { useEffect, useRef, useState } from 'preact/hooks';

import { get, newKey, request } from '../core/api.js';
import { writeJson } from '../core/exact_json.js';
import { formatCount, plural } from '../core/format.js';
import { Button } from './button.jsx';
import { Dialog } from './dialog.jsx';
import { Field } from './field.jsx';
import { Problem } from './problem.jsx';
import { Progress } from './progress.jsx';

const pause = 500;
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Counts the dead letters or events that the action would change, and counts again after each change of `body`. */
function useDryRun(target, body, isComplete) {
  const [state, setState] = useState({});
  const text = writeJson(body);
  useEffect(() => {
    if (!isComplete) return setState({});
    const controller = new AbortController();
    const timer = setTimeout(
      () => {
        setState({});
        request('POST', target, { body: { ...body, dry_run: true }, signal: controller.signal })
          .then(({ data }) => setState({ matched: data.matched }))
          .catch((error) => error.name !== 'AbortError' && setState({ error }));
      },
      state.matched === undefined ? 0 : 300,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [target, text, isComplete]);
  return state;
}

/** Follows the progress of an action until it has ended. */
async function follow(location, show, isCurrent) {
  while (isCurrent()) {
    const { data } = await get(location);
    show(data);
    if (data.state !== 'running') return;
    await wait(pause);
  }
}

function Outcome({ operation, verb, thing }) {
  const { done, matched, skipped, state } = operation;
  return (
    <div role="status">
      <Progress done={done} total={matched} label={`${verb.done} ${formatCount(done)} of ${plural(matched, thing)}`} />
      {isSkipping(skipped) && <p class="muted">{formatCount(skipped)} were left as they are.</p>}
      {state === 'running' && (
        <p class="muted">The action continues if this dialog is closed, and also after a restart of the server.</p>
      )}
      {state === 'cancelled' && <p>It was cancelled. What was done before remains done.</p>}
    </div>
  );
}

const isSkipping = (skipped) => skipped !== undefined && skipped !== 0;

/** Why the action cannot begin, or undefined if it can. */
function reasonAgainst({ missing, count, thing, isBusy, lacksReason }) {
  if (missing) return missing;
  if (count === undefined) return 'The number is being counted.';
  if (count === 0) return `No ${thing}s match.`;
  if (isBusy) return 'It is being done.';
  return lacksReason ? 'Write a reason: the archive keeps it.' : undefined;
}

/** The exact number of matches, from the dry run. */
function Matches({ count, thing }) {
  if (count === undefined) return 'Counting…';
  return (
    <>
      <strong>{formatCount(count)}</strong> {count === 1 ? `${thing} matches` : `${thing}s match`}. Nothing is changed yet.
    </>
  );
}

/**
 * `verb` is {title, action, done, isDangerous}, `thing` names what is changed, such as "dead letter", and `body` is the filter.
 * `missing` is a message if the filter is incomplete. `children` are further fields.
 */
export function BulkDialog({ verb, thing, target, body, summary, missing, needsReason = false, onDone, onClose, children }) {
  const [reason, setReason] = useState('');
  const [operation, setOperation] = useState();
  const [location, setLocation] = useState(); // the address of the progress of the action
  const [failure, setFailure] = useState();
  const [isBusy, setBusy] = useState(false);
  const isOpen = useRef(true);
  const key = useRef(newKey());
  const dryRun = useDryRun(target, body, !missing);
  useEffect(() => () => (isOpen.current = false), []);
  const run = async (event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      const sent = { ...body, ...(reason ? { reason } : {}) };
      const { status, data, headers } = await request('POST', target, { body: sent, key: key.current });
      setOperation({ ...data, state: status === 202 ? 'running' : 'done' });
      setLocation(headers.get('Location'));
      if (status === 202) await follow(headers.get('Location'), setOperation, () => isOpen.current);
      onDone?.();
    } catch (error) {
      setFailure(error);
      if (error.status) key.current = newKey();
    } finally {
      setBusy(false);
    }
  };
  const cancel = () => request('DELETE', location).then(({ data }) => setOperation(data), setFailure);
  const count = dryRun.matched;
  const obstacle = reasonAgainst({ missing, count, thing, isBusy, lacksReason: needsReason && !reason.trim() });
  return (
    <Dialog title={verb.title} onClose={onClose}>
      <form class="form" onSubmit={obstacle ? (event) => event.preventDefault() : run}>
        {operation ? (
          <Outcome operation={operation} verb={verb} thing={thing} />
        ) : (
          <>
            <p>{summary}</p>
            {children}
            <p class="dry-run" role="status">
              {!dryRun.error && !missing && <Matches count={count} thing={thing} />}
            </p>
            <Problem error={dryRun.error} />
            <Field label="Reason" isRequired={needsReason} description="Kept with the action, for others that read it later.">
              {(attributes) => (
                <input {...attributes} value={reason} maxLength={500} onInput={(event) => setReason(event.target.value)} />
              )}
            </Field>
          </>
        )}
        <Problem error={failure} />
        <footer class="dialog-foot">
          {operation?.state === 'running' && (
            <Button kind="danger" onClick={cancel}>
              Cancel the action
            </Button>
          )}
          <Button onClick={onClose}>{operation ? 'Close' : 'Cancel'}</Button>
          {!operation && (
            <Button type="submit" kind={verb.isDangerous ? 'danger' : 'primary'} reason={obstacle}>
              {verb.action} {count ? formatCount(count) : ''}
            </Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
