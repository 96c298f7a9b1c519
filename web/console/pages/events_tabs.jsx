// The pages of the area "Events".
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { formatCount, isCounted } from '../core/format.js';
import { useLoad } from '../core/live.js';
import { Tabs } from '../parts/tabs.jsx';

/** The latest number of dead letters, kept from page to page so that the tabs do not move. */
const deadLetters = signal();

export function EventsTabs() {
  const { data } = useLoad('/readyz', { period: 10000 });
  useEffect(() => {
    if (data) deadLetters.value = data.bus?.dead_letters;
  }, [data]);
  const dead = deadLetters.value;
  return (
    <Tabs
      label="Events"
      items={[
        { href: '/console/events', text: 'Log', isExact: true },
        { href: '/console/events/subscriptions', text: 'Subscriptions' },
        {
          href: '/console/events/dead-letters',
          text: 'Dead letters',
          count: isCounted(dead) ? formatCount(dead) : undefined,
        },
        { href: '/console/events/operations', text: 'Operations' },
        { href: '/console/events/archive', text: 'Archive' },
        { href: '/console/events/publish', text: 'Publish' },
      ]}
    />
  );
}
