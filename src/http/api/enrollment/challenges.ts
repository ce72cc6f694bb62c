import { Hono } from "hono";
import * as v from "valibot";
import { directoryUrl } from "../../../acme/resources.ts";
import { includesRole } from "../../../admin/roles.ts";
import type { IssuedFor } from "../../../db/schema/certificates.ts";
import { findRenewed } from "../../../device/client/find-renewed.ts";
import { type ChallengeInput, mintChallenge } from "../../../enrollment/challenges.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body } from "../route/validate.ts";
import { namedDevice } from "./naming.ts";

const known = (what: string) =>
  v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255), v.description(what)));

const NewChallenge = v.pipe(
  v.strictObject({
    serial: known("Only a device with this serial number may use the identity"),
    udid: known("Only a device with this UDID may use the identity"),
    account: known("The account that the identity is for"),
    device_id: known("For a renewal: the enrolled device whose identity it replaces (admin)"),
    expires_in: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(60),
        v.maxValue(30 * 86_400),
        v.description("How many seconds it can be used"),
      ),
      3600,
    ),
    requested_alt_names: v.optional(
      v.pipe(
        v.boolean(),
        v.description("The identity gets the alternative names that its request asks for (admin)"),
      ),
      false,
    ),
    attestation: v.optional(
      v.pipe(
        v.picklist(["required", "preferred"]),
        v.description(
          "For ACME instead of SCEP: the challenge is a ClientIdentifier, and attestation of the key is required or optional",
        ),
      ),
    ),
  }),
  v.title("NewChallenge"),
);

const Challenge = v.pipe(
  v.object({
    challenge: v.pipe(v.string(), v.description("Shown only here; valid for one key")),
    scep_url: v.pipe(v.nullable(v.string()), v.description("null: it is not a challenge for SCEP")),
    directory_url: v.pipe(
      v.nullable(v.string()),
      v.description("null: it is not a ClientIdentifier for ACME"),
    ),
    expires_at: Time,
  }),
  v.title("Challenge"),
);

export const challenges = new Hono<ApiEnv>();

challenges.post(
  "/",
  describeRoute(
    "Mint a one-time SCEP challenge",
    { 201: Challenge },
    {
      detail:
        "A challenge that names an enrolled device, by its UDID or serial number, lets another enrollment take its place; it needs the role admin. The audit entry is filed under the device.",
    },
  ),
  allow("operator"),
  body(NewChallenge, { optional: true }),
  idempotent(),
  async (c) => {
    const { expires_in, attestation, requested_alt_names: asksNames, ...names } = c.req.valid("json");
    if (asksNames && !includesRole(c.var.caller.role, "admin"))
      return problem(c, "forbidden", "requested_alt_names needs the role admin: others may trust such names");
    const issuedFor = await namedDevice(c, names);
    if (!issuedFor.ok) return issuedFor.refusal;
    const promised = {
      ...(attestation && { attestation }),
      ...(asksNames && { altNames: "requested" as const }),
    };
    const enrollment = Object.keys(promised).length > 0 ? { kind: "device", ...promised } : undefined;
    const input = {
      ...(await challengeInput(c.env, issuedFor.value, expires_in * 1000)),
      ...(enrollment && { enrollment }),
    };
    const { challenge, expiresAt } = await mintChallenge(c.var.db, input, Date.now());
    const origin = publicOrigin(c);
    const scep_url = attestation ? null : `${origin}/scep`;
    const directory_url = attestation ? directoryUrl(origin) : null;
    return c.json({ challenge, scep_url, directory_url, expires_at: isoTime(expiresAt) }, 201);
  },
);

async function challengeInput(env: Env, issuedFor: IssuedFor, lifetimeMs: number): Promise<ChallengeInput> {
  const { deviceId } = issuedFor;
  if (deviceId === undefined) return { issuedFor, purpose: "enrollment", lifetimeMs };
  // Bound to the identity in use now: if another one replaces that in the meantime, the challenge is void.
  const fingerprint = await findRenewed(env, deviceId);
  const renewalOf = { deviceId, ...(fingerprint !== undefined && { fingerprint }) };
  return { issuedFor, purpose: "renewal", renewalOf, lifetimeMs };
}
