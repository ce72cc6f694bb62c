// The places of a payload that the server fills in for each device, because they contain our addresses:
// the file of an asset or the document that asks for a certificate, and the profile that a legacy configuration wraps.
// A payload with its own address keeps it.
import type { Json } from "./canonical-json.ts";
import type { DeclarationKind } from "./declaration.ts";

export type Payload = Record<string, Json>;

/** Our key instead of Apple's ProfileURL: the identifier of a profile in the library. */
export const profileKey = "profile";

const wrappingTypes = ["com.apple.configuration.legacy", "com.apple.configuration.legacy.interactive"];

export const wrapsProfiles = (type: string): boolean => wrappingTypes.includes(type);

/** The library profile that this declaration wraps. */
export function wrappedProfile(type: string, payload: Payload): string | undefined {
  const profile = payload[profileKey];
  return wrapsProfiles(type) && typeof profile === "string" ? profile : undefined;
}

/** Our key instead of a file: the use of certificates (a setting) that the server makes the document for. */
export const useKey = "use";

/** The use of certificates that this asset asks for. */
export function certificateUse(type: string, payload: Payload): string | undefined {
  const use = payload[useKey];
  return type === "com.apple.asset.credential.acme" && typeof use === "string" ? use : undefined;
}

/** Whether its data is our file: an asset with a Reference without an address. */
export const wantsFile = (kind: DeclarationKind, type: string, payload: Payload): boolean =>
  kind === "asset" &&
  /^com\.apple\.asset\.(data|credential\.)/.test(type) &&
  ownReference(payload).DataURL === undefined;

export type ServedFile = {
  url: string;
  contentType: string;
  size: number;
  sha256: string;
};

/** The description is computed from the bytes: a device refuses bytes that do not match. */
export const withFile = (
  { [useKey]: _, ...payload }: Payload,
  { url, contentType, size, sha256 }: ServedFile,
): Payload => ({
  ...payload,
  Reference: {
    ...ownReference(payload),
    ContentType: contentType,
    DataURL: url,
    Size: size,
    "Hash-SHA-256": sha256,
  },
});

export function withProfile({ [profileKey]: _, ...payload }: Payload, url: string): Payload {
  return { ...payload, ProfileURL: url };
}

function ownReference({ Reference: reference }: Payload): Payload {
  return reference !== null && typeof reference === "object" && !Array.isArray(reference) ? reference : {};
}
