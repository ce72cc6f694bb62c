/**
 * The characters that XML 1.0, section 2.2 forbids, and with them half surrogate pairs, which no UTF-8 has. A property
 * list with one of them is read by nobody: a device that is sent one gives up, and is sent the same at its next connect.
 *
 * What devices send may hold them, since CoreFoundation writes them; what we write never does.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/u;

/** The first of them in a text, as `U+0001`. */
export function forbiddenIn(text: string): string | undefined {
  const found = forbidden.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** For people who read what a device sent: each of them as U+FFFD. */
export const withoutForbidden = (text: string): string =>
  forbidden.test(text) ? text.replace(new RegExp(forbidden, "gu"), "\ufffd") : text;

export type ForbiddenPlace = { pointer: string; detail: string };

/**
 * The first text or key in a property list or in JSON that holds one; `pointer` is a JSON pointer (RFC 6901). Not
 * recursive: what is looked at may be nested deeper than the stack is.
 */
export function forbiddenPlace(tree: unknown): ForbiddenPlace | undefined {
  const waiting: { value: unknown; pointer: string }[] = [{ value: tree, pointer: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, pointer } = next;
    if (typeof value === "string") {
      const found = placed(value, pointer, "holds");
      if (found) return found;
      continue;
    }
    const inside: typeof waiting = [];
    for (const [key, entry] of entriesOf(value)) {
      const place = `${pointer}/${pointerPart(String(key))}`;
      const found = placed(String(key), place, "has a name with");
      if (found) return found;
      inside.push({ value: entry, pointer: place });
    }
    for (const entry of inside.reverse()) waiting.push(entry);
  }
  return undefined;
}

/** Bytes, dates and numbers hold no text. */
function entriesOf(value: unknown): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(value)) return value.entries();
  if (value instanceof Map) return value;
  return isPlain(value) ? Object.entries(value) : [];
}

function placed(text: string, pointer: string, has: string): ForbiddenPlace | undefined {
  const found = forbiddenIn(text);
  if (found === undefined) return undefined;
  return { pointer: withoutForbidden(pointer), detail: `${has} ${found}, which no property list can` };
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

const pointerPart = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");
