// The keys that work everywhere, and those of the current page.
import { entriesByLetter, isHelpOpen, keysOfPage } from '../core/keyboard.js';
import { Dialog } from './dialog.jsx';

const general = [
  ['/', 'focus the search of the page'],
  ['j  k', 'next and previous row; the arrow keys do the same inside a table'],
  ['Enter', 'open the row'],
  ['Esc', 'close a dialog, or leave a field'],
  ['?', 'show this list'],
];

function Keys({ title, rows }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {rows.map(([keys, text]) => (
          <div key={keys}>
            <dt>
              {keys
                .split(' ')
                .filter(Boolean)
                .map((each) => (
                  <kbd key={each}>{each}</kbd>
                ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help() {
  if (!isHelpOpen.value) return null;
  const ofPage = keysOfPage().map(({ key, label }) => [key, label]);
  const entries = Object.entries(entriesByLetter.value).map(([letter, { title }]) => [`g ${letter}`, title]);
  return (
    <Dialog title="Keys" isWide onClose={() => (isHelpOpen.value = false)}>
      <div class="columns">
        <Keys title="Everywhere" rows={general} />
        <Keys title="Go to" rows={entries} />
        {ofPage.length > 0 && <Keys title="On this page" rows={ofPage} />}
      </div>
    </Dialog>
  );
}
