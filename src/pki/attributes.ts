import type { Bytes } from "../base/bytes.ts";
import { ok } from "../base/result.ts";
import { fieldsOf } from "./der/fields.ts";
import { malformed, reading } from "./der/malformed.ts";
import { type Element, parseBer } from "./der/parse.ts";
import { tags } from "./der/tags.ts";
import { oidOf } from "./der/values.ts";
import { oid, sequence, setOf } from "./der/write.ts";

// Attribute ::= SEQUENCE { type, SET OF value }: signed attributes of CMS (RFC 5652 section 5.3) and attributes of
// certification requests (RFC 2986 section 4.1). Most hold one value; Apple's hash agility holds several.

export type Attributes = ReadonlyMap<string, readonly Element[]>;

/** Reads the children of a SET OF Attribute, whatever its tag. A type that is there twice is refused. */
export function readAttributes(set: Element): Attributes {
  const attributes = new Map<string, readonly Element[]>();
  for (const item of set.children) {
    const fields = fieldsOf(item, tags.sequence, "attribute");
    const type = oidOf(fields.any("attribute type"), "attribute type");
    if (attributes.has(type)) malformed(`attribute ${type} twice`);
    attributes.set(type, fields.take(tags.set, `values of attribute ${type}`).children);
  }
  return attributes;
}

/** The value of an attribute that may hold only one; undefined when the attribute is absent. */
export function singleValue(attributes: Attributes, type: string): Element | undefined {
  const values = attributes.get(type);
  if (values && values.length !== 1) malformed(`attribute ${type} has ${values.length} values, not one`);
  return values?.[0];
}

/** Whether these bytes are a SET OF Attribute: what a signature with signed attributes is over. */
export function isAttributeSet(bytes: Uint8Array): boolean {
  if (bytes[0] !== tags.set) return false;
  const types = reading(() =>
    ok(
      parseBer(bytes).children.map((item) =>
        oidOf(fieldsOf(item, tags.sequence, "attribute").any("attribute type"), "attribute type"),
      ),
    ),
  );
  return types.ok;
}

export const attribute = (type: string, value: Uint8Array): Bytes => sequence(oid(type), setOf(value));
