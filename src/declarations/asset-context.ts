import type { SealContext } from "../pki/seal.ts";

/** What a piece of an asset's file is bound to: another piece, or another file's, does not open in its place. */
export const assetPartContext = (sha256: string, part: number): SealContext => ({
  what: "asset",
  whose: [sha256, String(part)],
});
