// A banner that every page shows while the server does not respond. It sends requests of its own, so that it also appears on
// pages that load no data.
import { useEffect, useRef } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { get } from '../core/api.js';
import { useInterval } from '../core/live.js';
import { isUnreachable, timeSinceResponse } from '../core/reach.js';

const period = 2000;
// If the server has sent no response for this time, in milliseconds, the banner sends a request, which must get a response
// within the same time.
const patience = 10000;

async function checkServer() {
  if (!isUnreachable.value && timeSinceResponse() < patience) return;
  await get('/livez', { signal: AbortSignal.timeout(patience) }).catch(() => {}); // `isUnreachable` has the outcome
}

export function ServerBanner() {
  const wasShown = useRef(false);
  const isShown = isUnreachable.value;
  useInterval(checkServer, period);
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
