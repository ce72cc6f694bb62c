import type { SealContext } from "../pki/seal.ts";

/** What the content of a library profile is bound to, as the present one and in the list of its versions. */
export const profileContentContext = (identifier: string, version: number): SealContext => ({
  what: "profile",
  whose: [identifier, String(version)],
});
