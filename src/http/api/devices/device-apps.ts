import { Hono } from "hono";
import * as v from "valibot";
import { appStates } from "../../../apps/states.ts";
import type { AssignedApp as Described } from "../../../device/desired/apps/describe.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { noDevice } from "./device-json.ts";

const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

const AssignedApp = v.pipe(
  v.object({
    name: v.pipe(v.string(), v.description("Its name in the library")),
    version: v.pipe(count, v.description("Of the library, that the device should have")),
    state: v.picklist(appStates),
    since: Time,
    reason: v.pipe(text, v.description("Why it is so")),
    managed_by: v.pipe(
      v.nullable(v.picklist(["declarations", "commands"])),
      v.description("What brings it; null: nothing was begun"),
    ),
    identifier: v.pipe(text, v.description("Its bundle id, once it is known")),
    installed_version: v.pipe(text, v.description("That the device reports")),
    command_uuid: v.pipe(text, v.description("The command in progress")),
    attempts: v.pipe(count, v.description("How many times in a row it failed")),
    retry_at: v.pipe(TimeOrNull, v.description("When it is tried again; null: only after something changes")),
  }),
  v.title("AssignedApp"),
);

export const deviceApps = new Hono<ApiEnv>();

deviceApps.get(
  "/:id/assigned-apps",
  describeRoute(
    "Read the state of the apps that a device has through its sets",
    { 200: v.object({ items: v.array(AssignedApp), next_cursor: v.null() }) },
    {
      tag: "apps",
      problems: ["not-found"],
      detail: "As of now, from the device's object. The apps that the device itself lists are under apps.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const id = c.req.param("id");
    const assigned = await c.env.DEVICE.getByName(id).describeApps();
    if (assigned === undefined) return problem(c, "not-found", noDevice(id));
    return c.json({ items: assigned.map(present), next_cursor: null });
  },
);

const present = (app: Described): v.InferInput<typeof AssignedApp> => ({
  name: app.name,
  version: app.version,
  state: app.state,
  since: isoTime(app.since),
  reason: app.reason,
  managed_by: app.managedBy,
  identifier: app.identifier,
  installed_version: app.installedVersion,
  command_uuid: app.commandUuid,
  attempts: app.attempts,
  retry_at: isoTimeOrNull(app.retryAt),
});
