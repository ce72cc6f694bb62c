import { findChannelFacts } from "../../assignment/channel-facts.ts";
import { profileFor } from "../../assignment/deliver-profile.ts";
import { ok, refuse } from "../../base/result.ts";
import { openDb } from "../../db/open.ts";
import { findProfile } from "../../db/profiles.ts";
import { readEnv } from "../../env.ts";
import type { Completer } from "./completer.ts";

/** `profile` is our key: the identifier of a profile in the library, which is filled in for this channel. */
export const installProfile: Completer = async (payload, { env, subject }) => {
  const { profile: identifier, Payload: given } = Object.fromEntries(payload);
  if (identifier === undefined) return ok(payload);
  const wrong = (detail: string) => refuse({ reason: "cannot-complete" as const, key: "profile", detail });
  if (given !== undefined) return wrong("cannot be used together with Payload; give only one of them");
  if (typeof identifier !== "string") return wrong("must be the identifier of a profile in the library");
  const db = openDb(env.DB);
  const row = await findProfile(db, identifier);
  if (!row)
    return wrong(`the library has no profile ${identifier}; PUT it to /api/v1/profiles/${identifier}`);
  const { deviceId, userId } = subject;
  const configuration = readEnv(env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  // For a device that has not enrolled yet, only its id is known.
  const facts = (await findChannelFacts(env, db, { deviceId, userId }, publicUrl)) ?? {
    device: { id: deviceId },
    attributes: {},
  };
  const made = await profileFor(env, row, { deviceId, facts }, Date.now());
  if (!made.ok) return wrong(made.refusal.detail);
  const rest = new Map([...payload].filter(([key]) => key !== "profile"));
  return ok(rest.set("Payload", made.value.payload));
};
