import { Hono } from "hono";
import * as v from "valibot";
import { updateModels } from "../../../db/signed-systems.ts";
import { canRun, modelsOf, newestFor } from "../../../systems/ability.ts";
import { listState } from "../../../systems/latest.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { query } from "../route/validate.ts";

/** What Apple's list says: how old it is, and what one device can have. */
export const appleList = new Hono<ApiEnv>();

const ListState = v.pipe(
  v.object({
    taken_at: v.pipe(v.nullable(Time), v.description("null: it was never taken")),
    tried_at: v.nullable(Time),
    stale: v.pipe(
      v.boolean(),
      v.description("It is older than two days; what was taken before still counts"),
    ),
    trouble: v.pipe(v.nullable(v.string()), v.description("Why the last attempt brought nothing")),
  }),
  v.title("AppleSystemsList"),
);

appleList.get(
  "/apple-list",
  describeRoute("Tell how old Apple's list of systems is", { 200: ListState }),
  allow("viewer"),
  async (c) => {
    const { takenAt, triedAt, trouble, isStale } = await listState(c.var.db, Date.now());
    const at = (time: number | null) => (time === null ? null : isoTime(time));
    return c.json({ taken_at: at(takenAt), tried_at: at(triedAt), stale: isStale, trouble });
  },
);

const version = v.pipe(v.string(), v.regex(/^\d+(\.\d+){0,2}$/, "must be a version such as 18.2"));

const DeviceSystems = v.pipe(
  v.object({
    device_id: v.string(),
    model: v.pipe(v.nullable(v.string()), v.description("As Apple calls it for updates; null: not known")),
    os_version: v.nullable(v.string()),
    latest: v.pipe(
      v.nullable(v.object({ version: v.string(), released_on: v.string() })),
      v.description("The newest system for its model; null: Apple's list does not name it"),
    ),
    can_run: v.pipe(
      v.nullable(v.picklist(["yes", "no", "unknown"])),
      v.description("Whether it can have the asked version, or a newer one; null: none was asked"),
    ),
  }),
  v.title("DeviceSystems"),
);

appleList.get(
  "/devices/:id",
  describeRoute(
    "Tell the newest system for a device, and whether it can run a version",
    { 200: DeviceSystems },
    { problems: ["not-found"], detail: "By what Apple signs for everybody." },
  ),
  allow("viewer"),
  query({ version: v.exactOptional(version) }),
  async (c) => {
    const id = c.req.param("id");
    const [row] = await updateModels(c.var.db, [id]);
    if (row === undefined) return problem(c, "not-found", `no device is called ${id}`);
    const [models, now] = [modelsOf(row), Date.now()];
    const { version: asked } = c.req.valid("query");
    const newest = await newestFor(c.var.db, models, now);
    return c.json({
      device_id: id,
      model: newest?.model ?? models[0] ?? null,
      os_version: row.osVersion,
      latest: newest ? { version: newest.version, released_on: newest.firstPostedOn } : null,
      can_run: asked === undefined ? null : await canRun(c.var.db, models, asked, now),
    });
  },
);
