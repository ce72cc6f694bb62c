import { type Bytes, toHex } from "../base/bytes.ts";
import { ok } from "../base/result.ts";
import { expectTag, rawOf } from "./der/fields.ts";
import { malformed, reading } from "./der/malformed.ts";
import { type Element, parseDer } from "./der/parse.ts";
import { tags } from "./der/tags.ts";
import { isText, oidOf, textOf } from "./der/values.ts";
import { oid, sequence, setOf, utf8String } from "./der/write.ts";
import { nameAttributes } from "./oids.ts";

// Distinguished names (RFC 5280 section 4.1.2.4). Names that came from elsewhere are kept and compared as raw DER;
// the text here is for people.

export type NameAttribute = { type: string; value: string };
/** Relative names from the root down, as DER orders them; most hold a single attribute. */
export type NameParts = readonly (readonly NameAttribute[])[];

const shortNames = new Map(Object.entries(nameAttributes).map(([short, type]) => [type as string, short]));
// RFC 4514 section 2.4: what is no string is shown as its bytes.
const attributeValue = (value: Element): string =>
  isText(value) ? textOf(value, "name attribute value") : `#${toHex(rawOf(value))}`;

/** Throws Malformed. */
export const nameParts = (name: Uint8Array): NameParts => partsOf(parseDer(name));

/** Throws Malformed. */
export function partsOf(name: Element): NameParts {
  expectTag(name, tags.sequence, "name");
  return name.children.map((rdn) =>
    expectTag(rdn, tags.set, "relative name").children.map((pair) => {
      const [type, value] = expectTag(pair, tags.sequence, "name attribute").children;
      return {
        type: oidOf(type ?? pair, "name attribute type"),
        value: attributeValue(value ?? malformed("name attribute without a value")),
      };
    }),
  );
}

/** RFC 4514: most specific first, `CN=Anna,O=Example`; unknown attribute types by their dotted numbers. */
export const textOfParts = (parts: NameParts): string =>
  parts
    .map((rdn) =>
      rdn.map(({ type, value }) => `${shortNames.get(type) ?? type}=${escapeValue(value)}`).join("+"),
    )
    .reverse()
    .join(",");

/** Of a name from elsewhere: what cannot be read is shown as its bytes. */
export function printableName(name: Uint8Array): string {
  const text = reading(() => ok(nameText(name)));
  return text.ok ? text.value : `#${toHex(name)}`;
}

/** Throws Malformed; for names that were read before. */
export const nameText = (name: Uint8Array): string => textOfParts(nameParts(name));

/** The last value of an attribute type in a name (the most specific one); undefined when it has none, or is no name. */
export function nameValue(name: Uint8Array, type: string): string | undefined {
  const parts = reading(() => ok(nameParts(name).flat()));
  return parts.ok ? parts.value.findLast((attribute) => attribute.type === type)?.value : undefined;
}

const escapeValue = (value: string): string =>
  value.replace(/[,+"\\<>;=]|^[ #]| $/g, "\\$&").replaceAll("\0", "\\00");

/** The name whose only attribute is this common name. */
export const commonName = (value: string): Bytes => distinguishedName([["CN", value]]);

/** From the root down, one attribute in each relative name. */
export const distinguishedName = (
  attributes: readonly (readonly [keyof typeof nameAttributes, string])[],
): Bytes =>
  sequence(
    ...attributes.map(([type, value]) => setOf(sequence(oid(nameAttributes[type]), utf8String(value)))),
  );
