import type { Bytes } from "../../base/bytes.ts";
import { fieldsOf, onlyChild } from "../der/fields.ts";
import { type Element, parseBer } from "../der/parse.ts";
import { contextTag, tags } from "../der/tags.ts";
import { oidOf } from "../der/values.ts";
import { context, oid, sequence } from "../der/write.ts";

// ContentInfo (RFC 5652 section 3): the envelope that says what kind of CMS message is inside.

/** Throws Malformed. */
export function readContentInfo(cms: Uint8Array, maxBytes?: number): { type: string; content: Element } {
  const fields = fieldsOf(
    parseBer(cms, maxBytes === undefined ? {} : { maxBytes }),
    tags.sequence,
    "CMS message",
  );
  const type = oidOf(fields.any("content type"), "content type");
  return { type, content: onlyChild(fields.take(contextTag(0), "CMS content"), "CMS content") };
}

export const contentInfo = (type: string, content: Uint8Array): Bytes =>
  sequence(oid(type), context(0, content));
