import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { masked } from "../mdm/secrets.ts";
import type { Certificate } from "../pki/certificate.ts";
import { forbiddenPlace } from "../plist/characters.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { placeOf } from "../profiles/payloads.ts";
import { largestEncryptedProfile, largestProfile, readProfile, textAt } from "../profiles/read-profile.ts";

/** A profile from a request, in JSON or as a file, to be saved in the library. */
export type GivenProfile = { json: { readonly [key: string]: unknown } } | { file: Bytes };

export type ReadGiven = { dict: PlistDict; content: Bytes; signer: Certificate | undefined };

export type GivenRefusal = { pointer: string; code: string; detail: string };

/** `identifier`: keys that JSON leaves out are derived from it. */
export async function readGiven(
  given: GivenProfile,
  identifier: string | undefined,
): Promise<Result<ReadGiven, GivenRefusal>> {
  if ("file" in given) {
    const read = await readProfile(given.file);
    if (!read.ok) return refuse({ pointer: "", code: read.refusal.reason, detail: read.refusal.detail });
    const place = forbiddenPlace(read.value.dict);
    return place ? refuse({ code: "forbidden-character", ...place }) : read;
  }
  const { completed, profileFromJson } = await import("../profiles/profile-json.ts");
  const converted = await profileFromJson(given.json);
  if (!converted.ok) {
    const { reason, pointer } = converted.refusal;
    return refuse({ pointer, code: reason, detail: sentences[reason] });
  }
  const dict = await completed(
    converted.value,
    identifier ?? textAt(converted.value, "PayloadIdentifier") ?? "",
  );
  const content = writePlist(dict);
  if (content.length <= largestProfile) return ok({ dict, content, signer: undefined });
  const detail = `the profile has ${content.length} bytes; a device gets at most ${largestProfile}`;
  return refuse({ pointer: "", code: "too-large", detail });
}

const sentences = {
  "null-value": "a property list has no null; leave the key out",
  "bad-tag": "the value does not fit its tag",
  "too-deep": "is nested too deep",
  "too-large": "has too many values",
};

/** Without these the library could not store it, or devices would list it under another name. */
export function unusable(
  dict: PlistDict,
  identifier: string,
  encrypted: boolean,
  size: number,
): GivenRefusal | undefined {
  const [name, uuid] = [dict.get("PayloadIdentifier"), dict.get("PayloadUUID")];
  if (name !== identifier)
    return {
      pointer: "/PayloadIdentifier",
      code: "other-identifier",
      detail: `is ${JSON.stringify(name) ?? "missing"}, but the address says ${identifier}; make them equal`,
    };
  const mask = placeOf(dict, (text) => text === masked);
  if (mask !== undefined)
    return {
      pointer: mask,
      code: "masked-value",
      detail: "is the mask of a secret, not the secret; send the secret itself",
    };
  if (typeof uuid !== "string" || uuid === "")
    return { pointer: "/PayloadUUID", code: "missing-key", detail: "must be a text that is not empty" };
  if (encrypted && size > largestEncryptedProfile)
    return {
      pointer: "",
      code: "too-large",
      detail: `the profile has ${size} bytes; encrypted, a device gets at most ${largestEncryptedProfile}`,
    };
  return undefined;
}
