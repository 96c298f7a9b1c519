// Shown on every page while the server does not respond. Pages that load nothing by themselves learn of it here as well.
import { useEffect, useRef } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { get } from '../core/api.js';
import { useInterval } from '../core/live.js';
import { isUnreachable, silence } from '../core/reach.js';

const period = 2000;
const patience = 10000; // without a response, until the server is asked, and until it has to respond

async function look() {
  if (!isUnreachable.value && silence() < patience) return;
  await get('/livez', { signal: AbortSignal.timeout(patience) }).catch(() => {}); // `isUnreachable` has the outcome
}

export function ServerBanner() {
  const wasShown = useRef(false);
  const isShown = isUnreachable.value;
  useInterval(look, period);
  useEffect(() => {
    if (wasShown.current && !isShown) announce('The server responds again');
    wasShown.current = isShown;
  }, [isShown]);
  if (!isShown) return null;
  return (
    <div class="problem server-banner" role="alert">
      <p>
        <strong>The server does not respond.</strong> What is shown may be out of date. Check that {location.host} runs; the
        page continues automatically when it responds again.
      </p>
    </div>
  );
}
