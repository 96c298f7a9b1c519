// The actions "retry" and "discard" for all dead letters that match a filter.
import { withQuery } from '../core/api.js';
import { useLoad } from '../core/live.js';
import { BulkDialog } from './bulk_dialog.jsx';

const verbs = {
  retry: {
    action: 'Retry',
    done: 'Retried',
    one: 'It is delivered again, with the full number of attempts, after the events that already wait with the same key.',
    many: 'They are delivered again, with the full number of attempts, after the events that already wait with the same key.',
  },
  discard: {
    action: 'Discard',
    done: 'Discarded',
    isDangerous: true,
    one: 'It will not be handled. The archive keeps it for a time, with the reason.',
    many: 'They will not be handled. The archive keeps them for a time, with the reason.',
  },
};

const maxError = 160; // characters, so that the question fits in the dialog
const shorten = (text) => (text.length > maxError ? `${text.slice(0, maxError)}…` : text);

function wordsOf({ group, ids, ...others }, error) {
  if (others.all) return 'all dead letters';
  if (ids) return ids.length === 1 ? `the dead letter ${ids[0]}` : `the ${ids.length} selected dead letters`;
  const conditions = Object.entries(others).map(([name, value]) => `${name} ${value}`);
  if (group !== undefined) conditions.unshift(error ? `the error “${shorten(error)}”` : `an error of group ${group}`);
  return `dead letters with ${conditions.join(', ')}`;
}

function Verb({ verb, path, filter, onDone, onClose }) {
  const { group, ids } = filter;
  const { data: groups } = useLoad(group === undefined ? null : withQuery('/events/dead-letters/groups', { group }));
  const isOne = ids?.length === 1;
  return (
    <BulkDialog
      verb={{ ...verb, title: `${verb.action} ${isOne ? 'a dead letter' : 'dead letters'}` }}
      thing="dead letter"
      target={path}
      body={filter}
      summary={
        <>
          {verb.action} {wordsOf(filter, groups?.[0]?.error)}. {isOne ? verb.one : verb.many}
        </>
      }
      needsReason={verb.isDangerous}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

/** `open` is {verb, filter}; an empty filter means all dead letters. */
export function DeadLetterVerb({ open, onDone, onClose }) {
  if (!open) return null;
  const filter = Object.keys(open.filter).length > 0 ? open.filter : { all: true };
  const path = `/events/dead-letters/${open.verb}`;
  return <Verb verb={verbs[open.verb]} path={path} filter={filter} onDone={onDone} onClose={onClose} />;
}
