import type { DeclarationKind } from "./declaration.ts";

/** A declaration as one channel is to have it, everything in it filled in. */
export type RenderedDeclaration = {
  kind: DeclarationKind;
  identifier: string;
  type: string;
  serverToken: string;
  /** The answer to `declaration/…`, byte for byte. */
  body: string;
  /** SHA-256 of what its addresses lead to: the device may fetch these. */
  files: readonly string[];
};
