import type { Bytes } from "../../src/base/bytes.ts";
import { oid, sequence, setOf, utf8String } from "../../src/pki/der/write.ts";
import type { NameAttribute, NameParts } from "../../src/pki/names.ts";
import { nameAttributes } from "../../src/pki/oids.ts";

/** Reads `CN=Anna,O=Example` (RFC 4514, spaces after commas allowed; backslash escapes, no quotes). */
export function parseNameText(text: string): NameParts {
  const parts: NameAttribute[][] = [];
  for (const rdn of splitUnescaped(text, ",")) {
    const attributes: NameAttribute[] = [];
    for (const pair of splitUnescaped(rdn, "+")) {
      const at = pair.indexOf("=");
      if (at < 1) throw new Error(`not type=value: ${pair.trim()}`);
      attributes.push({ type: pair.slice(0, at).trim(), value: unescapeValue(pair.slice(at + 1)) });
    }
    parts.unshift(attributes);
  }
  return parts;
}

const splitUnescaped = (text: string, separator: "," | "+"): string[] =>
  text.split(separator === "," ? /(?<=(?<!\\)(?:\\\\)*),/ : /(?<=(?<!\\)(?:\\\\)*)\+/);

const unescapeValue = (value: string): string =>
  value
    .replace(/^ +/, "")
    .replace(/(?<!\\) +$/, "")
    .replace(/\\([0-9a-fA-F]{2}|.)/g, (_, code: string) =>
      code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : code,
    );

/** DER; types may be written short (`CN`) or dotted (`2.5.4.3`). */
export const buildName = (parts: NameParts): Bytes =>
  sequence(
    ...parts.map((rdn) =>
      setOf(...rdn.map(({ type, value }) => sequence(oid(dotted(type)), utf8String(value)))),
    ),
  );

const dotted = (type: string): string =>
  Object.entries(nameAttributes).find(([short]) => short === type)?.[1] ?? type;
