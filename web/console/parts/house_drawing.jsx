// Draws the house: requests arrive from the left, events leave to the right, and subscriptions lead back to modules.
import { columns, placeHouse, row, strokeOf, width } from '../core/house_layout.js';
import { formatRate, isCounted, plural } from '../core/format.js';
import { linkOf, moduleLink, routeName } from './house_links.js';

const { routes, modules, topics } = columns;

function Arrow({ path, rate, kind }) {
  return (
    <path
      class={rate ? `arrow ${kind} busy` : `arrow ${kind}`}
      d={path}
      stroke-width={strokeOf(rate)}
      marker-end={`url(#tip-${rate ? 'busy' : 'idle'})`}
    />
  );
}

/** A line of text that is a link, with its rate at the right end. */
function Line({ href, x, y, right, prefix, text, rate, name, showsRate }) {
  return (
    <a href={href} class="line">
      <title>{name}</title>
      <rect x={x - 8} y={y - row / 2 + 1} width={right - x + 16} height={row - 2} rx="4" />
      <text x={x} y={y + 4}>
        {prefix && <tspan class="method">{prefix.padEnd(7)}</tspan>}
        <tspan>{text}</tspan>
      </text>
      {showsRate && (
        <text x={right} y={y + 4} text-anchor="end" class={rate ? 'rate busy' : 'rate'}>
          {rate ? `${formatRate(rate)}/s` : ''}
        </text>
      )}
    </a>
  );
}

/** The name of a subscription, for screen readers and for the text that appears under the pointer. */
function subscriptionName({ name, topics: patterns }, dead) {
  const trouble = isCounted(dead) ? `, ${plural(dead, 'dead letter')}` : '';
  return `Subscription ${name}: ${patterns.join(', ')}${trouble}`;
}

function Block({ block, rates, dead }) {
  const middle = (modules.left + modules.right) / 2;
  return (
    <g>
      {block.routes.map((each) => (
        <g key={routeName(each)}>
          <Arrow
            path={`M${routes.right + 10} ${each.y}H${modules.left - 4}`}
            rate={rates.routes?.[routeName(each)]}
            kind="request"
          />
          <Line
            href={linkOf.route(each)}
            x={routes.left + 8}
            right={routes.right - 4}
            y={each.y}
            prefix={each.method}
            text={each.path}
            name={each.summary}
            rate={rates.routes?.[routeName(each)]}
            showsRate
          />
        </g>
      ))}
      <a href={moduleLink(block)} class={block.isElsewhere ? 'module elsewhere' : 'module'}>
        <rect x={modules.left} y={block.top} width={modules.right - modules.left} height={block.height} rx="6" />
        <text x={middle} y={block.top + block.height / 2 + 5} text-anchor="middle">
          {block.name}
        </text>
        {block.isElsewhere && (
          <text x={middle} y={block.top + block.height / 2 + 22} text-anchor="middle" class="rate">
            {block.url ? hostOf(block.url) : 'another process'}
          </text>
        )}
      </a>
      {block.topics.map((each) => (
        <g key={each.name}>
          <Arrow path={`M${modules.right} ${each.y}H${topics.left - 6}`} rate={rates.topics?.[each.name]} kind="event" />
          <Line
            href={linkOf.topic(each)}
            x={topics.left + 6}
            right={topics.right}
            y={each.y}
            text={each.name}
            name={`Events ${each.name}`}
            rate={rates.topics?.[each.name]}
            showsRate
          />
        </g>
      ))}
      {block.subscriptions.map((each) => (
        <g key={each.name} class={isCounted(dead[each.name]) ? 'subscription trouble' : 'subscription'}>
          <Arrow
            path={`M${topics.left - 4} ${each.y}H${modules.right + 4}`}
            rate={rates.subscriptions?.[each.name]}
            kind="event"
          />
          <circle cx={topics.left + 4} cy={each.y} r="3" />
          <Line
            href={linkOf.subscription(each)}
            x={topics.left + 14}
            right={topics.right}
            y={each.y}
            text={each.name}
            name={subscriptionName(each, dead[each.name])}
            rate={rates.subscriptions?.[each.name]}
            showsRate
          />
        </g>
      ))}
    </g>
  );
}

const hostOf = (url) => url.replace(/^https?:\/\//, '');

const letter = 7.25; // the width of a letter in the font of the drawing

/** A thin line from the end of a name to the point where its links begin. */
function Leader({ x, y, text, hasRate }) {
  const begin = x + text.length * letter + 10;
  return <path class="leader" d={`M${begin} ${y}H${topics.right - (hasRate ? 46 : -8)}`} />;
}

/** An arrow from the right end of a topic, around the right side of the column, to the right end of a subscription. */
function Link({ link, index, rates }) {
  const begin = topics.right + 12;
  const reach = begin + 20 + (index % 5) * 10;
  const { topic, subscription } = link;
  const path = `M${begin} ${topic.y}C${reach} ${topic.y} ${reach} ${subscription.y} ${begin} ${subscription.y}`;
  return (
    <>
      <Leader x={topics.left + 6} y={topic.y} text={topic.name} hasRate={rates.topics?.[topic.name]} />
      <Leader
        x={topics.left + 14}
        y={subscription.y}
        text={subscription.name}
        hasRate={rates.subscriptions?.[subscription.name]}
      />
      <Arrow path={path} rate={rates.topics?.[topic.name]} kind="event" />
    </>
  );
}

function Remote({ remote }) {
  const center = (modules.left + modules.right) / 2;
  const middle = remote.top + remote.height / 2;
  return (
    <g class="remote">
      <rect x={modules.left} y={remote.top} width={modules.right - modules.left} height={remote.height} rx="6" />
      <text x={center} y={middle - 4} text-anchor="middle">
        {remote.name}
      </text>
      <text x={center} y={middle + 13} text-anchor="middle" class="rate">
        {remote.url ? hostOf(remote.url) : 'other processes'}
      </text>
      {remote.topics.map((each) => (
        <g key={each.name}>
          <Arrow path={`M${modules.right} ${each.y}H${topics.left - 6}`} kind="event" />
          <Line
            href={linkOf.topic(each)}
            x={topics.left + 6}
            right={topics.right}
            y={each.y}
            text={each.name}
            name={`Events ${each.name} of another process`}
          />
        </g>
      ))}
    </g>
  );
}

/** An arrow from a module to another module that it calls. If other boxes are between the two, the arrow passes to the left of
 *  the boxes. */
function Call({ from, to, index }) {
  const isAbove = to.top > from.top;
  const x = modules.left + 30 + index * 14;
  const begin = isAbove ? from.top + from.height : from.top;
  const end = isAbove ? to.top - 4 : to.top + to.height + 4;
  const isNear = Math.abs(begin - end) < 60;
  const bend = modules.left - 26 - index * 8;
  const middle = (each) => each.top + each.height / 2;
  const path = isNear
    ? `M${x} ${begin}V${end}`
    : `M${modules.left} ${middle(from)}C${bend} ${middle(from)} ${bend} ${middle(to)} ${modules.left - 4} ${middle(to)}`;
  return (
    <g>
      <path class="arrow call" d={path} marker-end="url(#tip-call)" />
      {isNear && (
        <text x={x + 10} y={(begin + end) / 2 + 4} class="rate">
          calls
        </text>
      )}
    </g>
  );
}

function Tip({ id }) {
  return (
    <marker
      id={`tip-${id}`}
      class={`tip ${id}`}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="7"
      markerHeight="7"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M0 0 8 4 0 8z" />
    </marker>
  );
}

export function HouseDrawing({ house, rates, dead }) {
  const { blocks, remotes, links, height } = placeHouse(house);
  const boxes = [...blocks, ...remotes];
  const calls = blocks
    .flatMap((from) => from.calls.map((name) => ({ from, to: boxes.find((each) => each.name === name) })))
    .filter(({ to }) => to);
  return (
    <div class="house" role="region" aria-label="Drawing of the house" tabIndex={0}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-label="Routes, modules, topics and subscriptions"
      >
        <defs>
          <Tip id="idle" />
          <Tip id="busy" />
          <Tip id="call" />
        </defs>
        <g class="column-titles" aria-hidden="true">
          <text x={routes.left + 8} y="16">
            Routes
          </text>
          <text x={modules.left} y="16">
            Modules
          </text>
          <text x={topics.left + 6} y="16">
            Topics and subscriptions
          </text>
        </g>
        {links.map((each, index) => (
          <Link key={`${each.topic.name} ${each.subscription.name}`} link={each} index={index} rates={rates} />
        ))}
        {calls.map((each, index) => (
          <Call key={`${each.from.name} ${each.to.name}`} {...each} index={index} />
        ))}
        {blocks.map((each) => (
          <Block key={each.name} block={each} rates={rates} dead={dead} />
        ))}
        {remotes.map((each) => (
          <Remote key={each.name} remote={each} />
        ))}
      </svg>
    </div>
  );
}
