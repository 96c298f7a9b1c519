// The main navigation, and the principal that is signed in.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

import { request } from '../core/api.js';
import { description } from '../core/description.js';
import { titleOf } from '../core/format.js';
import { destinations, isHelpOpen } from '../core/keyboard.js';
import { address } from '../core/router.js';
import { forgetSession, isSignedIn, session } from '../core/session.js';
import { changeTheme, theme } from '../core/theme.js';
import { Icon } from './icon.jsx';

/**
 * The entries of the navigation: [key after g, address, title, icon]. An entry without an icon is not shown, and can be reached
 * only by its key. The key of an entity is the first letter of its name that no other entry has.
 */
function places() {
  const fixed = [
    ['h', '/console/house', 'House', 'house'],
    ['n', '/console/now', 'Now', 'pulse'],
  ];
  const late = [
    ['e', '/console/events', 'Events', 'events'],
    ['d', '/console/events/dead-letters', 'Dead letters', undefined],
    ['r', '/console/requests', 'Requests', 'requests'],
    ['a', '/console/api', 'API', 'api'],
    ['s', '/console/system', 'System', 'system'],
  ];
  if (!description.value) return fixed; // the late entries would move when the entities are inserted above them
  const used = new Set([...fixed, ...late].map(([key]) => key));
  const entities = (description.value?.entities ?? []).map(({ plural }) => {
    const key = [...plural].find((letter) => !used.has(letter));
    used.add(key);
    return [key, `/console/entities/${plural}`, titleOf(plural), 'entity'];
  });
  return [...fixed, ...entities, ...late];
}

function isCurrent(href) {
  const { path } = address.value;
  return path === href || path.startsWith(`${href}/`) || (href === '/console/house' && (path === '/' || path === '/console'));
}

async function signOut() {
  await request('DELETE', '/session');
  forgetSession();
}

function Principal() {
  const { name, scopes } = session.value;
  return (
    <div class="principal">
      <span class="principal-name" title={`Scopes: ${scopes.join(' ')}`}>
        {isSignedIn() ? name : 'No sign-in needed'}
      </span>
      {isSignedIn() ? (
        <button type="button" class="button quiet" onClick={signOut}>
          Sign out
        </button>
      ) : null}
    </div>
  );
}

export function Navigation() {
  const [isOpen, setOpen] = useState(false);
  const all = places();
  const { path } = address.value;
  useEffect(() => setOpen(false), [path]);
  useLayoutEffect(() => {
    destinations.value = Object.fromEntries(all.filter(([key]) => key).map(([key, href, title]) => [key, { href, title }]));
  }, [description.value]);
  return (
    <header class={isOpen ? 'side open' : 'side'}>
      <div class="brand">
        <a href="/" class="brand-name" aria-label="Atrium, House">
          <Icon name="brand" /> Atrium
        </a>
        <button
          type="button"
          class="button menu"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="menu" /> Menu
        </button>
      </div>
      <div class="side-content" id="navigation">
        <nav aria-label="Main">
          {all
            .filter(([, , , icon]) => icon)
            .map(([key, href, title, icon]) => (
              <a key={href} href={href} aria-current={isCurrent(href) ? 'page' : undefined}>
                <Icon name={icon} />
                <span>{title}</span>
                <kbd aria-hidden="true">{key && `g ${key}`}</kbd>
              </a>
            ))}
        </nav>
        <div class="side-foot">
          <Principal />
          <div class="side-tools">
            <button type="button" class="button quiet" onClick={() => (isHelpOpen.value = true)} aria-keyshortcuts="?">
              Keys <kbd aria-hidden="true">?</kbd>
            </button>
            <button type="button" class="button quiet" onClick={changeTheme}>
              Theme: {theme.value}
            </button>
          </div>
        </div>
      </div>
    </header>
  );
}
