// JSON with exact integers. Ids have up to 63 bits, but a JavaScript number holds only 53: larger integers become BigInt.

const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const mark = '\u0000'; // begins each text that stands for a large integer
const hasLargeInteger = /\d{16}/;

/** Converts digits to an integer: a number, or a BigInt if a number cannot hold it exactly. */
export const toInteger = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));

/** Parses JSON; integers that a number cannot hold exactly become BigInt. */
export function readJson(text) {
  if (!hasLargeInteger.test(text)) return JSON.parse(text);
  const marked = text.replace(tokens, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? JSON.stringify(mark + token) : token,
  );
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(1)) : value,
  );
}

/** Returns the JSON for a value that may contain BigInt. */
export function writeJson(value, indent) {
  const marked = JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? mark + each : each), indent);
  return marked?.replace(/"\\u0000(-?\d+)"/g, '$1');
}
