import { outsider } from "../../identity/admission.ts";
import { type Reply, refused } from "../../reply.ts";
import type { DeviceTurn } from "../../turn.ts";

/**
 * Whether a device may have the file with that hash: a declaration that it should have, or still has in its manifest,
 * refers to the file. The request does not say which channel asks, because all channels of a device have one identity.
 */
export type Entitled = { kind: "entitled"; declared: { userId: string; identifier: string }[] };

export function entitledTo(turn: DeviceTurn, sha256: string): Reply | Entitled {
  // A download does not end an enrollment; the next message to the server does.
  if (turn.enrollment.ending) return nothingHere;
  const instead = outsider(turn, { mayBeSignedOut: true });
  if (instead) return instead;
  const declared = turn.store.declarationsWith(sha256);
  return declared.length > 0 ? { kind: "entitled", declared } : nothingHere;
}

const nothingHere = refused({
  reason: "unknown-declaration",
  detail: "no declaration of this device refers to that file",
});
