// Drains the broker: receives all messages that wait there for this server, before the adapter is changed.
import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { Confirm } from './confirm.jsx';

export function Drain({ onClose }) {
  const work = async () => {
    await request('POST', '/events/drain', { body: {} });
    announce('The broker has nothing of this server any more');
  };
  return (
    <Confirm title="Drain this server?" action="Drain" work={work} onClose={onClose}>
      <p>
        The server stops sending events to the broker and receives everything that waits there for it. Do this before you change
        the bus adapter. Until the next start, the events of this server stay in its journal.
      </p>
    </Confirm>
  );
}
