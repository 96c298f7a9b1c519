// Shows the house as lists, for narrow screens.
import { formatRate, isCounted, plural } from '../core/format.js';
import { ownersOf, remotesOf } from '../core/house_layout.js';
import { Status } from './status.jsx';
import { linkOf, moduleLink, routeName } from './house_links.js';

function Lines({ title, items, nameOf, link, rates = {}, dead = {} }) {
  if (items.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="lines">
        {items.map((each) => (
          <li key={nameOf(each)}>
            <a href={link(each)} class="mono">
              {nameOf(each)}
            </a>
            {isCounted(dead[nameOf(each)]) && <Status kind="bad">{plural(dead[nameOf(each)], 'dead letter')}</Status>}
            <span class="muted">{rates[nameOf(each)] ? `${formatRate(rates[nameOf(each)])}/s` : ''}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const nameOf = ({ name }) => name;

export function HouseList({ house: facts, rates, dead }) {
  const house = ownersOf(facts);
  const ofModule = (list, name) => list.filter((each) => each.module === name);
  return (
    <div class="house-list">
      {house.modules.map((module) => (
        <section class="panel" key={module.name} aria-label={`Module ${module.name}`}>
          <h2>
            <a href={moduleLink(module)}>{module.name}</a>
          </h2>
          {module.isElsewhere && <p class="muted">in another process{module.url && <code>: {module.url}</code>}</p>}
          {module.calls?.length > 0 && <p class="muted">calls {module.calls.join(', ')}</p>}
          <Lines title="Routes" items={module.routes} nameOf={routeName} link={linkOf.route} rates={rates.routes} />
          <Lines
            title="Topics"
            items={ofModule(house.topics, module.name)}
            nameOf={nameOf}
            link={linkOf.topic}
            rates={rates.topics}
          />
          <Lines
            title="Subscriptions"
            items={ofModule(house.subscriptions, module.name)}
            nameOf={nameOf}
            link={linkOf.subscription}
            rates={rates.subscriptions}
            dead={dead}
          />
        </section>
      ))}
      {remotesOf(house).map(({ name, url, topics }) => (
        <section class="panel" key={name} aria-label={`Module ${name}, in another process`}>
          <h2>{name}</h2>
          <p class="muted">in another process{url && <code>: {url}</code>}</p>
          <Lines title="Topics" items={topics} nameOf={nameOf} link={linkOf.topic} />
        </section>
      ))}
    </div>
  );
}
