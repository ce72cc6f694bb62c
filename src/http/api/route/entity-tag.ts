import { sha256, toBase64Url, utf8 } from "../../../base/bytes.ts";
import { canonicalJson } from "../../../declarations/canonical-json.ts";

/**
 * The entity tag of a thing (RFC 9110, section 8.8.3): a hash of the fields that callers set, and behind it five characters
 * for each of them.
 *
 * The surprise: the server has the old content no more when a tag does not match; by those characters it still knows which
 * fields were changed.
 */
export type Fields = Readonly<Record<string, unknown>>;

const nameLength = 2;
const valueLength = 3;

/** With more of them, the tag is the hash alone. */
const mostFields = 40;

export async function entityTag(fields: Fields): Promise<string> {
  const digest = toBase64Url((await sha256(utf8(canonicalJson(fields)))).slice(0, 16));
  const names = Object.keys(fields).sort();
  const marks = names.length > mostFields ? "" : names.map((name) => markOf(name, fields[name])).join("");
  return `"${digest}.${marks}"`;
}

/** The names of fields that were changed since the tag was made; none where they cannot be told. */
export function changedSince(tag: string, fields: Fields): string[] {
  const marks = /^"[\w-]{22}\.([\w-]*)"$/.exec(tag)?.[1] ?? "";
  const length = nameLength + valueLength;
  if (marks === "" || marks.length % length !== 0) return [];
  const known = new Map<string, string>();
  for (let at = 0; at < marks.length; at += length)
    known.set(marks.slice(at, at + nameLength), marks.slice(at + nameLength, at + length));
  return Object.keys(fields)
    .sort()
    .filter((name) => {
      const mark = markOf(name, fields[name]);
      return known.get(mark.slice(0, nameLength)) !== mark.slice(nameLength);
    });
}

const markOf = (name: string, value: unknown): string =>
  shortHash(name, nameLength) + shortHash(canonicalJson(value ?? null), valueLength);

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** FNV-1a: it only hints at what to say. The digest decides. */
function shortHash(text: string, length: number): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return Array.from({ length }, (_, at) => alphabet[(hash >>> (at * 6)) & 63]).join("");
}

/** A header's list of tags; `*` is any. undefined: it is not such a list. */
export function tagsIn(header: string): "*" | string[] | undefined {
  const text = header.trim();
  if (text === "*") return "*";
  if (!/^(W\/)?"[\x21\x23-\x7e]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e]*")*$/.test(text)) return undefined;
  return [...text.matchAll(/(?:W\/)?"[^"]*"/g)].map(([tag]) => tag);
}
