// A button that copies a text, or the text that a function returns. With `link`, the message about the copy has the link that
// `link(text)` returns.
import { announce } from '../core/announce.js';
import { copy } from '../core/clipboard.js';
import { Button } from './button.jsx';

export function Copy({ text, children, link, ...rest }) {
  const run = async () => {
    try {
      const content = typeof text === 'function' ? await text() : text;
      const isCopied = await copy(content);
      announce(isCopied ? 'Copied' : 'The browser refused to copy', isCopied && link ? link(content) : undefined);
    } catch (error) {
      announce(error.message);
    }
  };
  return (
    <Button kind="quiet" onClick={run} {...rest}>
      {children}
    </Button>
  );
}
