import type { Authorization } from "../../enrollment/account/grants.ts";
import type { Reply } from "../reply.ts";
import type { DeviceTurn } from "../turn.ts";

/**
 * A device that enrolled by a person's sign-in shows a token with each request, beside its identity. Devices that enrolled
 * in other ways show none, and none is asked of them.
 *
 * A token follows another only if it was issued later: what was replaced or taken back never comes back.
 */
export type AuthorizationDecision =
  | { does: "go on" }
  /** The token is new, and good: it takes the place of the one before. */
  | { does: "keep"; authorization: Authorization }
  | { does: "look up" }
  | { does: "ask to sign in" };

type Shown = { token: string | undefined; authorization: Authorization | "none" | undefined; now: number };

export function decideAuthorization(
  held: Authorization,
  { token, authorization, now }: Shown,
): AuthorizationDecision {
  if (token === undefined) return { does: "ask to sign in" };
  if (token === held.token)
    return held.until === null || held.until > now ? { does: "go on" } : { does: "ask to sign in" };
  if (authorization === undefined) return { does: "look up" };
  const follows =
    authorization !== "none" &&
    authorization.token === token &&
    authorization.account === held.account &&
    authorization.issuedAt > held.issuedAt;
  return follows ? { does: "keep", authorization } : { does: "ask to sign in" };
}

/** The token of the Authenticate that opens an enrollment: the one of the sign-in that its profile was made for. */
export function decideFirst(
  grant: string,
  { token, authorization }: Omit<Shown, "now">,
): AuthorizationDecision {
  if (token === undefined) return { does: "ask to sign in" };
  if (authorization === undefined) return { does: "look up" };
  const isIts = authorization !== "none" && authorization.token === token && authorization.grant === grant;
  return isIts ? { does: "keep", authorization } : { does: "ask to sign in" };
}

/** Of a device that was adopted: no token is known, and the next good one of that account is kept. */
export const unshown = ({ id: grant, account }: { id: string; account: string }): Authorization => ({
  grant,
  account,
  token: "",
  issuedAt: 0,
  until: 0,
});

/** undefined: it may go on. What it shows that is new is kept. */
export function mustSignIn(turn: DeviceTurn, as: "active" | "pending"): Reply | undefined {
  const column = as === "active" ? "authorization" : "pending_authorization";
  const held = turn.device?.[column];
  if (held == null) return undefined;
  const { token, authorization } = turn.proven;
  const decision = decideAuthorization(JSON.parse(held) as Authorization, {
    token,
    authorization,
    now: turn.now,
  });
  if (decision.does !== "keep") return replyTo(decision);
  turn.store.setDevice({ [column]: JSON.stringify(decision.authorization) });
  if (as === "active")
    turn.tell({ name: "device.signed_in", detail: { account: decision.authorization.account } });
  return undefined;
}

/** What the enrollment that is about to open is to keep, or the reply to give instead. */
export function firstAuthorization(
  turn: DeviceTurn,
  grant: string | undefined,
): { keeps: string | null } | { instead: Reply } {
  if (grant === undefined) return { keeps: null };
  const { token, authorization } = turn.proven;
  const decision = decideFirst(grant, { token, authorization });
  if (decision.does === "keep") return { keeps: JSON.stringify(decision.authorization) };
  return { instead: replyTo(decision) ?? { kind: "sign-in" } };
}

function replyTo({ does }: AuthorizationDecision): Reply | undefined {
  if (does === "look up") return { kind: "authorize" };
  return does === "ask to sign in" ? { kind: "sign-in" } : undefined;
}
