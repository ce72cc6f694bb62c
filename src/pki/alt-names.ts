import type { Bytes } from "../base/bytes.ts";
import { utf8 } from "../base/bytes.ts";
import { expectTag, fieldsOf, onlyChild } from "./der/fields.ts";
import { parseDer } from "./der/parse.ts";
import { contextTag, primitiveTag, tags } from "./der/tags.ts";
import { oidOf, textOf } from "./der/values.ts";
import { context, oid, sequence, tlv, utf8String } from "./der/write.ts";
import { extension } from "./extensions.ts";
import { oids } from "./oids.ts";

// Subject alternative names (RFC 5280 section 4.2.1.6), the kinds that a SCEP payload can ask for. Others are passed over.

export type AltName = { kind: "email" | "dns" | "uri" | "upn"; value: string };

const tagNumbers = { email: 1, dns: 2, uri: 6 } as const;
const kindsByTag = new Map(
  Object.entries(tagNumbers).map(([kind, number]) => [primitiveTag(number), kind as keyof typeof tagNumbers]),
);

/** Takes the value of the extension; throws Malformed. */
export const readAltNames = (value: Uint8Array): AltName[] =>
  expectTag(parseDer(value), tags.sequence, "alternative names").children.flatMap((name): AltName[] => {
    const kind = kindsByTag.get(name.tag);
    if (kind)
      return [
        {
          kind,
          value: Buffer.from(name.source.subarray(name.contentStart, name.contentEnd)).toString("latin1"),
        },
      ];
    if (name.tag !== contextTag(0)) return [];
    const other = fieldsOf(name, contextTag(0), "other name");
    if (oidOf(other.any("other name type"), "other name type") !== oids.userPrincipalName) return [];
    return [
      {
        kind: "upn",
        value: textOf(
          onlyChild(other.take(contextTag(0), "principal name"), "principal name"),
          "principal name",
        ),
      },
    ];
  });

export const altNamesExtension = (names: readonly AltName[]): Bytes =>
  extension(
    oids.subjectAltName,
    sequence(
      ...names.map(({ kind, value }) =>
        kind === "upn"
          ? context(0, oid(oids.userPrincipalName), context(0, utf8String(value)))
          : tlv(primitiveTag(tagNumbers[kind]), utf8(value)),
      ),
    ),
  );
