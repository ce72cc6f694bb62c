import type { Context } from "hono";
import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { standingOf as findStanding, Standing } from "../../enrollment/standing.ts";
import { type ProvenIdentity, prove, readClaim } from "../../mdm/identify.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import type { DoorRefusal } from "./answer.ts";
import { presentedBy } from "./signed-message.ts";

/**
 * A request whose sender has proven that it has the key of a certificate. The headers are checked first: without an
 * identity the body is not read, and for an unknown identity only a small body is read.
 */
export type Heard = { standing: Standing; identity: ProvenIdentity; body: Bytes };

/** A report above the first limit is not read: a device that repeats it gets the same answer each time. */
const largestBody: Record<Standing, number> = {
  anchored: 25 * 1024 * 1024,
  unsettled: 1024 * 1024,
  stranger: 1024 * 1024,
};

export async function listen(
  c: Context<AppEnv>,
  standingOf: typeof findStanding,
): Promise<Result<Heard, DoorRefusal>> {
  const claim = await readClaim(presentedBy(c), c.var.configuration.proxySecret);
  if (!claim.ok) return claim;
  const standing = await standingOf(c.env, claim.value.claimed, Date.now());
  const body = await readBody(c.req.raw, largestBody[standing]);
  if (!body.ok) return refuse(tooLarge(standing));
  const identity = await prove(claim.value, body.value);
  return identity.ok ? ok({ standing, identity: identity.value, body: body.value }) : identity;
}

const tooLarge = (standing: Standing): DoorRefusal => ({
  // It may be a real report of a device: it must come again when the server can check its identity.
  reason: standing === "unsettled" ? "sender-unsettled" : "body-too-large",
  detail: `more than ${largestBody[standing]} bytes`,
});
