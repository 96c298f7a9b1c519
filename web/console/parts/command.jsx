// A command for a terminal, with a button that copies it.
import { Copy } from './copy.jsx';

export function Command({ text, label = 'Copy' }) {
  return (
    <div class="command">
      <pre tabIndex={0} role="group" aria-label="Command">
        {text}
      </pre>
      <Copy text={text}>{label}</Copy>
    </div>
  );
}
