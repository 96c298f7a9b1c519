// The actions "retry" and "discard" for all dead letters that match a filter.
import { BulkDialog } from './bulk_dialog.jsx';

const verbs = {
  retry: {
    title: 'Retry dead letters',
    action: 'Retry',
    done: 'Retried',
    text: 'They are delivered again with the full number of attempts, after the events that already wait with the same key.',
  },
  discard: {
    title: 'Discard dead letters',
    action: 'Discard',
    done: 'Discarded',
    isDangerous: true,
    text: 'They will not be handled. The archive keeps them for a time, with the reason.',
  },
};

function wordsOf(filter) {
  if (filter.all) return 'all dead letters';
  if (filter.ids)
    return filter.ids.length === 1 ? `the dead letter ${filter.ids[0]}` : `the ${filter.ids.length} selected dead letters`;
  return `dead letters with ${Object.entries(filter)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`;
}

/** `open` is {verb, filter}; an empty filter means all of them. */
export function DeadLetterVerb({ open, onDone, onClose }) {
  if (!open) return null;
  const verb = verbs[open.verb];
  const filter = Object.keys(open.filter).length > 0 ? open.filter : { all: true };
  return (
    <BulkDialog
      verb={verb}
      things="dead letter"
      target={`/events/dead-letters/${open.verb}`}
      body={filter}
      summary={
        <>
          {verb.action} {wordsOf(filter)}. {verb.text}
        </>
      }
      needsReason={open.verb === 'discard'}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
