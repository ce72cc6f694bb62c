import * as v from "valibot";
import type { NamingDescription } from "../../../device/desired/naming/describe.ts";
import { isoTimeOrNull, TimeOrNull } from "../route/times.ts";

const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

/** The name that a device should have by its sets. */
export const DeviceNaming = v.pipe(
  v.object({
    name: v.pipe(text, v.description("null: it cannot be made at present; `reason` says why")),
    set: v.pipe(v.string(), v.description("The set that decides: the first by name that has a device_name")),
    other_sets: v.pipe(
      v.array(v.string()),
      v.description("Sets of the device that have a device_name too, which has no effect"),
    ),
    state: v.pipe(
      v.picklist(["named", "pending", "failed", "not_applicable", "withheld"]),
      v.description(
        "not_applicable: this device takes no name from a server; withheld: a variable has no value",
      ),
    ),
    reason: text,
    command_uuid: v.pipe(text, v.description("Of the Settings command in progress")),
    attempts: v.pipe(count, v.description("How often in a row it failed")),
    retry_at: TimeOrNull,
    repairs: v.pipe(
      count,
      v.description("How often within a day it was named again, because it had another name"),
    ),
  }),
  v.title("DeviceNaming"),
);

export const presentNaming = (naming: NamingDescription): v.InferInput<typeof DeviceNaming> => ({
  name: naming.name,
  set: naming.set,
  other_sets: naming.others,
  state: naming.state,
  reason: naming.reason,
  command_uuid: naming.commandUuid,
  attempts: naming.attempts,
  retry_at: isoTimeOrNull(naming.retryAt),
  repairs: naming.repairs,
});
