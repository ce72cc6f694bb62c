// What holds for a key on a platform: what its entry says, overlaid by what the key says, attribute by attribute.
import type { OsFacts, OsTable, Platform } from "./spec.ts";

/** Null where the thing does not exist; undefined where nothing is said of that platform at all. */
export function factsFor(
  entry: OsTable,
  key: OsTable | undefined,
  platform: Platform,
): OsFacts | null | undefined {
  const [whole, own] = [entry[platform], key?.[platform]];
  if (own === undefined) return whole;
  return own === null || whole === null ? null : overlay(whole ?? {}, own);
}

function overlay(whole: OsFacts, own: OsFacts): OsFacts {
  const facts = { ...whole, ...own };
  if (whole.sharedipad && own.sharedipad) facts.sharedipad = { ...whole.sharedipad, ...own.sharedipad };
  if (whole.userenrollment && own.userenrollment)
    facts.userenrollment = { ...whole.userenrollment, ...own.userenrollment };
  return facts;
}
