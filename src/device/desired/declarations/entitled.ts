import { outsider } from "../../identity/admission.ts";
import { type Reply, refused } from "../../reply.ts";
import type { DeviceTurn } from "../../turn.ts";

/**
 * Whether a device may have the file of that hash: one of the declarations that it should have, or has still to fetch the
 * successor of, refers to it. Which channel asks is not told: all of a device's channels have one identity.
 */
export type Entitled = { kind: "entitled"; declared: { userId: string; identifier: string }[] };

export function entitledTo(turn: DeviceTurn, sha256: string): Reply | Entitled {
  // A download is no place to end an enrollment: the next message to the server is.
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
