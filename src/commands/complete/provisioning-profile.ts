import { fromBase64 } from "../../base/bytes.ts";
import { ok, refuse } from "../../base/result.ts";
import { openDb } from "../../db/open.ts";
import { findProvisioningProfile } from "../../db/provisioning-profiles.ts";
import type { SharedCompleter } from "./completer.ts";

/** `provisioning_profile` is our key: the UUID of an uploaded file, which the device gets unchanged. */
export const installProvisioningProfile: SharedCompleter = async (payload, env, now) => {
  const { provisioning_profile: uuid, ProvisioningProfile: given } = Object.fromEntries(payload);
  if (uuid === undefined) return ok(payload);
  const wrong = (detail: string) =>
    refuse({ reason: "cannot-complete" as const, key: "provisioning_profile", detail });
  if (given !== undefined)
    return wrong("cannot be used together with ProvisioningProfile; give only one of them");
  if (typeof uuid !== "string") return wrong("must be the UUID of an uploaded provisioning profile");
  const row = await findProvisioningProfile(openDb(env.DB), uuid);
  if (!row)
    return wrong(
      `no provisioning profile ${uuid} was uploaded; PUT it to /api/v1/provisioning-profiles/${uuid}`,
    );
  if (row.expiresAt <= now) {
    return wrong(
      `the provisioning profile expired on ${new Date(row.expiresAt).toISOString()}; upload its successor`,
    );
  }
  const rest = new Map([...payload].filter(([key]) => key !== "provisioning_profile"));
  return ok(rest.set("ProvisioningProfile", fromBase64(row.content) ?? new Uint8Array()));
};
