// Copies texts. Browsers offer `navigator.clipboard` only to pages that come from the same machine or over HTTPS. On other
// pages, the text is written into a hidden field, selected there, and copied.

function copySelection(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  const parent = document.querySelector('dialog[open]') ?? document.body;
  const focused = document.activeElement;
  parent.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  focused?.focus?.();
  return isCopied;
}

/** Returns whether the text is in the clipboard now. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns a curl command. With `needsToken`, the command sends the token in the shell variable TOKEN. */
export function curl(method, target, { body, headers = {}, needsToken = false } = {}) {
  const parts = ['curl'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  if (needsToken) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) parts.push(`-H 'Content-Type: application/json' -d ${quoted(body)}`);
  parts.push(quoted(location.origin + target));
  return parts.join(' ');
}
