// The main navigation, and the principal that is signed in.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

import { request } from '../core/api.js';
import { description } from '../core/description.js';
import { titleOf } from '../core/format.js';
import { entriesByLetter, isHelpOpen } from '../core/keyboard.js';
import { address } from '../core/router.js';
import { forgetSession, isSignedIn, session } from '../core/session.js';
import { changeTheme, theme } from '../core/theme.js';
import { Icon } from './icon.jsx';

/**
 * The entries of the navigation: [letter to press after g, address, title, icon]. An entry without an icon is not shown, and
 * can be reached only by its keyboard shortcut: g, then this letter. The shortcut of an entity is the first letter of its
 * plural name that is not yet the shortcut of another entry.
 */
function listEntries() {
  const entriesAbove = [
    ['h', '/console/house', 'House', 'house'],
    ['n', '/console/now', 'Now', 'pulse'],
  ];
  const entriesBelow = [
    ['e', '/console/events', 'Events', 'events'],
    ['d', '/console/events/dead-letters', 'Dead letters', undefined],
    ['r', '/console/requests', 'Requests', 'requests'],
    ['a', '/console/api', 'API', 'api'],
    ['s', '/console/system', 'System', 'system'],
  ];
  // Until the description is loaded, the entries below the entities are left out, because they would move down when the
  // entities appear.
  if (!description.value) return entriesAbove;
  const usedLetters = new Set([...entriesAbove, ...entriesBelow].map(([letter]) => letter));
  const entities = (description.value?.entities ?? []).map(({ plural }) => {
    const letter = [...plural].find((each) => !usedLetters.has(each));
    usedLetters.add(letter);
    return [letter, `/console/entities/${plural}`, titleOf(plural), 'entity'];
  });
  return [...entriesAbove, ...entities, ...entriesBelow];
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
  const entries = listEntries();
  const { path } = address.value;
  useEffect(() => setOpen(false), [path]);
  useLayoutEffect(() => {
    entriesByLetter.value = Object.fromEntries(
      entries.filter(([letter]) => letter).map(([letter, href, title]) => [letter, { href, title }]),
    );
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
          {entries
            .filter(([, , , icon]) => icon)
            .map(([letter, href, title, icon]) => (
              <a key={href} href={href} aria-current={isCurrent(href) ? 'page' : undefined}>
                <Icon name={icon} />
                <span>{title}</span>
                <kbd aria-hidden="true">{letter && `g ${letter}`}</kbd>
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
