import type { Bytes } from "../../base/bytes.ts";
import {
  context,
  contextTag,
  type Element,
  fieldsOf,
  oid,
  oidOf,
  onlyChild,
  parseBer,
  sequence,
  tags,
} from "../der.ts";

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
