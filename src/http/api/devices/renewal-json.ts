import * as v from "valibot";
import type { RenewalDescription } from "../../../device/description.ts";
import { isoTimeOrNull, TimeOrNull } from "../route/times.ts";

/** How the renewal of a device's identity looks in answers. */
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

export const IdentityRenewal = v.pipe(
  v.object({
    state: v.pipe(
      v.picklist(["not_possible", "not_due", "under_way", "failed"]),
      v.description("`not_possible`: this server does not know the profile it enrolled with"),
    ),
    expires_at: v.pipe(TimeOrNull, v.description("When the current identity ends")),
    due_at: v.pipe(TimeOrNull, v.description("When its renewal begins")),
    command_uuid: v.pipe(text, v.description("The InstallProfile command in progress")),
    attempts: v.pipe(count, v.description("How many attempts have failed")),
    error: v.pipe(text, v.description("Why the last attempt failed")),
    next_look_at: TimeOrNull,
  }),
  v.title("IdentityRenewal"),
);

export const presentRenewal = (renewal: RenewalDescription): v.InferInput<typeof IdentityRenewal> => ({
  state: renewal.state,
  expires_at: isoTimeOrNull(renewal.expiresAt),
  due_at: isoTimeOrNull(renewal.dueAt),
  command_uuid: renewal.commandUuid,
  attempts: renewal.attempts,
  error: renewal.error,
  next_look_at: isoTimeOrNull(renewal.nextLookAt),
});
