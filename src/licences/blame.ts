import type { ContentError } from "../apps-and-books/answer.ts";
import { meaningOfError } from "../apps-and-books/refusals.ts";
import type { LicenceKey } from "../db/licence-keys.ts";
import type { AdeTrouble } from "../db/schema/ade.ts";

/** Which of an order's licences an error of Apple's is about: what it names, or all of them. */
export function blamed(keys: readonly LicenceKey[], error: ContentError): LicenceKey[] {
  const { assets, serialNumbers, clientUserIds } = error;
  const holders = [...serialNumbers, ...clientUserIds];
  return keys.filter(
    ({ adamId, holder }) =>
      (assets.length === 0 || assets.includes(adamId)) &&
      (holders.length === 0 || holders.includes(holder.id)),
  );
}

/** What time alone does not change: nothing is tried before something else does. */
const lasting: readonly string[] = ["not-enough-licences", "not-for-devices", "not-revocable", "bad-email"];

export const isLasting = ({ reason }: AdeTrouble): boolean => lasting.includes(reason);

export function troubleOfError(error: ContentError): AdeTrouble {
  const { reason, remedy } = meaningOfError(error);
  const detail = `Apple answered ${error.number}${error.message && ` (${error.message})`}`;
  return { reason, code: String(error.number), detail, remedy };
}
