// The pages of the area "Events".
import { useLoad } from '../core/live.js';
import { Tabs } from '../parts/tabs.jsx';
import { formatCount, isCounted } from '../core/format.js';

export function EventsTabs() {
  const { data } = useLoad('/readyz', { period: 10000 });
  const dead = data?.bus?.dead_letters;
  return (
    <Tabs
      label="Events"
      items={[
        { href: '/console/events', text: 'Log', isExact: true },
        { href: '/console/events/subscriptions', text: 'Subscriptions' },
        { href: '/console/events/dead-letters', text: 'Dead letters', count: isCounted(dead) ? formatCount(dead) : undefined },
        { href: '/console/events/operations', text: 'Operations' },
        { href: '/console/events/archive', text: 'Archive' },
        { href: '/console/events/publish', text: 'Publish' },
      ]}
    />
  );
}
