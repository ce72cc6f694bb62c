import * as v from "valibot";
import type { RotationDescription } from "../../../device/description.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** How a secret that somebody has read, and that is to be changed, looks in answers. */
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

export const Rotation = v.pipe(
  v.object({
    name: v.string(),
    state: v.pipe(
      v.picklist(["due", "under_way", "failed"]),
      v.description("under_way: a command waits for the Mac, or its answer is read"),
    ),
    read_at: Time,
    rotation_due: v.pipe(Time, v.description("When the Mac gets the command for another one")),
    command_uuid: text,
    attempts: v.pipe(count, v.description("How many attempts have failed")),
    error: v.pipe(text, v.description("Why the last attempt failed")),
    next_at: v.pipe(
      TimeOrNull,
      v.description(
        "When it is tried next; null: a command waits, or it is tried no more until the secret is read again",
      ),
    ),
  }),
  v.title("SecretRotation"),
);

export const presentRotation = (rotation: RotationDescription): v.InferInput<typeof Rotation> => ({
  name: rotation.name,
  state: rotation.state,
  read_at: isoTime(rotation.readAt),
  rotation_due: isoTime(rotation.dueAt),
  command_uuid: rotation.commandUuid,
  attempts: rotation.attempts,
  error: rotation.error,
  next_at: isoTimeOrNull(rotation.nextAt),
});
