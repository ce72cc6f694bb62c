import { type Bytes, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { expectTag, rawOf } from "./der/fields.ts";
import { malformed, reading } from "./der/malformed.ts";
import { type Element, parseDer } from "./der/parse.ts";
import { tags } from "./der/tags.ts";
import { isText, oidOf, textOf } from "./der/values.ts";
import { ia5String, isPrintable, oid, printableString, sequence, setOf, utf8String } from "./der/write.ts";
import { nameAttributes } from "./oids.ts";

// Distinguished names (RFC 5280 section 4.1.2.4). Names that came from elsewhere are kept and compared as raw DER;
// the text here is for people, and for the names that this program makes itself.

export type NameAttribute = { type: string; value: string };
/** Relative names from the root down, as DER orders them; most hold a single attribute. */
export type NameParts = readonly (readonly NameAttribute[])[];
export type NameRefusal = { reason: "bad-name"; detail: string };

const shortNames = new Map(Object.entries(nameAttributes).map(([short, type]) => [type as string, short]));
const typesByName = new Map(
  Object.entries(nameAttributes).map(([short, type]) => [short.toUpperCase(), type as string]),
);
const printableOnly: readonly string[] = [nameAttributes.C, nameAttributes.serialNumber];
const ia5Only: readonly string[] = [nameAttributes.DC, nameAttributes.emailAddress];

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

/** Types may be written short (`CN`) or dotted (`2.5.4.3`). The bytes are DER. */
export function buildName(parts: NameParts): Result<Bytes, NameRefusal> {
  const rdns: Bytes[] = [];
  for (const rdn of parts) {
    const pairs: Bytes[] = [];
    for (const { type, value } of rdn) {
      const dotted = typesByName.get(type.toUpperCase()) ?? type;
      if (
        !/^[0-2](\.(0|[1-9]\d{0,37})){1,20}$/.test(dotted) ||
        (/^[01]\.\d\d/.test(dotted) && !/^[01]\.[0-3]\d(\.|$)/.test(dotted))
      )
        return refuse({ reason: "bad-name", detail: `unknown attribute type ${type}` });
      if (value === "") return refuse({ reason: "bad-name", detail: `attribute ${type} is empty` });
      if (printableOnly.includes(dotted) && !isPrintable(value))
        return refuse({
          reason: "bad-name",
          detail: `attribute ${type} may hold plain ASCII only: ${value}`,
        });
      pairs.push(sequence(oid(dotted), encodeValue(dotted, value)));
    }
    if (pairs.length === 0)
      return refuse({ reason: "bad-name", detail: "a relative name without attributes" });
    rdns.push(setOf(...pairs));
  }
  return ok(sequence(...rdns));
}

function encodeValue(type: string, value: string): Bytes {
  if (printableOnly.includes(type)) return printableString(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: IA5String is exactly these
  return ia5Only.includes(type) && /^[\x00-\x7f]*$/.test(value) ? ia5String(value) : utf8String(value);
}

/** The name whose only attribute is this common name. */
export function commonName(value: string): Bytes {
  return sequence(setOf(sequence(oid(nameAttributes.CN), utf8String(value))));
}
