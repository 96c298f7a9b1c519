// JSON with colors for keys and values.
import { writeJson } from '../core/exact_json.js';

const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function pieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    found.push(text.slice(end, match.index));
    const kind = match[2] ? 'key' : match[1] ? 'text' : 'other';
    found.push(<span class={`json-${kind}`}>{match[1] ?? match[0]}</span>, match[2] ?? '');
    end = match.index + match[0].length;
  }
  return [...found, text.slice(end)];
}

export function Json({ value, label = 'JSON' }) {
  return (
    <pre class="json" tabIndex={0} role="group" aria-label={label}>
      {pieces(writeJson(value, 2) ?? '')}
    </pre>
  );
}

/** An object on one line, for tables. */
export function JsonLine({ value }) {
  return (
    <code class="json-line">
      {Object.entries(value).map(([name, each]) => (
        <span key={name}>
          {name} <b>{typeof each === 'string' ? each : writeJson(each)}</b>{' '}
        </span>
      ))}
    </code>
  );
}
