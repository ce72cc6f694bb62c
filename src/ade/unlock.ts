import { type Bytes, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/**
 * How Apple is asked to take the Activation Lock off a device whose bypass code we know.
 * https://developer.apple.com/documentation/devicemanagement/creating-and-using-bypass-codes
 *
 * The surprise: what names the device stands in the address, what proves and explains the wish in the body.
 */
export type Unlock = { serial: string; query: string; form: Bytes };

export type UnlockRefusal = { field: string; detail: string };

/** One of Apple's servers has them as headers or paths of its own: nothing but what such values have. */
const identifier = /^[\w.,:-]{1,64}$/;
const printed = /^[^\p{C}]{1,256}$/u;

const inQuery = { serial: true, productType: true, imei: false, imei2: false, meid: false };
const inForm = ["orgName", "guid", "escrowKey"] as const;

/** From a form with NanoMDM's names for the fields, which are Apple's. */
export function readUnlock(given: URLSearchParams): Result<Unlock, UnlockRefusal> {
  const query = new URLSearchParams();
  for (const [field, isNeeded] of Object.entries(inQuery)) {
    const value = given.get(field) ?? "";
    if (value === "" && isNeeded) return refuse({ field, detail: `${field} is missing` });
    if (value === "") continue;
    if (!identifier.test(value))
      return refuse({
        field,
        detail: `${field} has more than 64 characters, or others than letters and digits`,
      });
    query.set(field, value);
  }
  const form = new URLSearchParams();
  for (const field of inForm) {
    const value = given.get(field) ?? "";
    if (value === "") return refuse({ field, detail: `${field} is missing` });
    if (!printed.test(value))
      return refuse({
        field,
        detail: `${field} has more than 256 characters, or some that cannot be printed`,
      });
    form.set(field, value);
  }
  return ok({ serial: query.get("serial") ?? "", query: query.toString(), form: utf8(form.toString()) });
}
