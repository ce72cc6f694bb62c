import type { UseTerms } from "../../db/schema/challenges.ts";
import { distinguishedName, nameValue } from "../../pki/names.ts";
import { nameAttributes } from "../../pki/oids.ts";

/**
 * The name in a certificate that is not an identity. The server makes it from the terms of the use: nothing of the request
 * is copied. Its organizational unit says that it is no identity, so that this is known even without its record.
 */
const mark = "not for device management: ";

export const subjectOfUse = ({ name, organization, commonName }: UseTerms) =>
  distinguishedName([
    ["O", organization],
    ["OU", mark + name],
    ["CN", commonName],
  ]);

/** The name of the use that this subject belongs to; undefined: it may be an identity. */
export function markedUse(subject: Uint8Array): string | undefined {
  const unit = nameValue(subject, nameAttributes.OU);
  return unit?.startsWith(mark) ? unit.slice(mark.length) : undefined;
}
