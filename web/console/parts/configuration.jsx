// The effective configuration. Keys whose value is the default are hidden at first, because there are many of them. They are
// hidden even if the value comes from the configuration file, because that file usually has all keys.
import { useState } from 'preact/hooks';

import { Empty } from './empty.jsx';
import { Section } from './section.jsx';
import { Status } from './status.jsx';
import { Table } from './table.jsx';

const kinds = { default: 'muted', file: 'info', environment: 'info', 'command line': 'info' };

const columns = [
  { title: 'Key', kind: 'mono', show: ({ key, description }) => <span title={description}>{key}</span> },
  { title: 'Value', kind: 'mono value', show: ({ value }) => value },
  { title: 'Default', kind: 'mono value late', show: (row) => (row.value === row.default ? '–' : row.default) },
  { title: 'Source', show: ({ source }) => <Status kind={kinds[source] ?? 'neutral'}>{source}</Status> },
  { title: 'Meaning', kind: 'late meaning', show: ({ description }) => description },
];

export function Configuration({ rows }) {
  const [text, setText] = useState('');
  const [isComplete, setComplete] = useState(false);
  const words = text.toLowerCase().trim();
  const fits = ({ key, value, description, default: normal }) =>
    (isComplete || words || value !== normal) && `${key} ${value} ${description}`.toLowerCase().includes(words);
  const shown = rows.filter(fits);
  return (
    <Section
      title="Configuration"
      action={
        <>
          <input
            type="search"
            aria-label="Search the configuration"
            placeholder="Search"
            data-search
            value={text}
            onInput={(event) => setText(event.target.value)}
          />
          <label>
            <input type="checkbox" checked={isComplete} onChange={(event) => setComplete(event.target.checked)} /> Show all keys
          </label>
        </>
      }
    >
      <Table
        label="Configuration"
        columns={columns}
        rows={shown}
        keyOf={({ key }) => key}
        empty={
          <Empty title={words ? 'No key matches.' : 'Everything has its default.'}>
            {!words && 'Select “Show all keys”, or search for a key.'}
          </Empty>
        }
      />
      <p class="hint" role="status">
        {shown.length} of {rows.length} keys
      </p>
    </Section>
  );
}
