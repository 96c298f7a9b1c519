// The corner of the page with messages about completed actions.
import { dismiss, messages } from '../core/announce.js';

export function Messages() {
  return (
    <div class="messages" role="status" aria-live="polite">
      {messages.value.map(({ id, text, link }) => (
        <div class="message" key={id}>
          <span>{text}</span>
          {link && (
            <a href={link.href} target={link.href.startsWith('/console') ? undefined : '_blank'} rel="noreferrer">
              {link.text}
            </a>
          )}
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
