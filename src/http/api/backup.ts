import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type RestoreRefusal, restoreBackup, writeBackup } from "../../admin/backup.ts";
import { forgetSettings } from "../../admin/settings.ts";
import { forgetAuthorities } from "../../enrollment/authority.ts";
import { forgetVerdicts } from "../../enrollment/vouch.ts";
import type { ApiEnv } from "./api-env.ts";
import { allow } from "./auth.ts";
import { problem } from "./problem.ts";
import { describe } from "./route-line.ts";
import { query } from "./validate.ts";

const Restored = v.pipe(v.object({ rows: v.number() }), v.title("Restored"));

const force = v.optional(
  v.pipe(v.boolean(), v.description("true: write over a deployment that has devices or identities")),
  false,
);

export const backup = new Hono<ApiEnv>();

backup.get(
  "/",
  describe(
    "Read a backup: what must not be lost, secrets sealed",
    { 200: "application/x-ndjson: one JSON object a line" },
    { audit: "always" },
  ),
  allow("admin"),
  async (c) => {
    const now = Date.now();
    const name = `edgemdm-${new Date(now).toISOString().slice(0, 10)}.ndjson`;
    return c.body(await writeBackup(c.env, now), 200, {
      "Content-Type": "application/x-ndjson",
      "Content-Disposition": `attachment; filename="${name}"`,
    });
  },
);

backup.post(
  "/restore",
  describe(
    "Write a backup into this deployment, which must have its MASTER_KEY and be empty",
    { 200: Restored },
    { problems: ["invalid-request", "conflict"] },
  ),
  allow("admin"),
  query({ force }),
  async (c) => {
    const body = c.req.raw.body ?? new ReadableStream({ start: (controller) => controller.close() });
    const restored = await restoreBackup(c.env, body, c.req.valid("query").force);
    forgetAuthorities();
    forgetVerdicts();
    forgetSettings();
    return restored.ok ? c.json(restored.value) : refused(c, restored.refusal);
  },
);

function refused(c: Context, refusal: RestoreRefusal): Response {
  switch (refusal.reason) {
    case "not-a-backup":
      return problem(c, "invalid-request", `line ${refusal.line}: ${refusal.detail}`);
    case "other-master-key":
      return problem(
        c,
        "conflict",
        `the backup was made under master key ${refusal.needed}, this deployment holds ${refusal.held}; set MASTER_KEY, or MASTER_KEY_PREVIOUS, to the key from edgemdm-recovery.json`,
      );
    case "not-empty":
      return problem(
        c,
        "conflict",
        `this deployment is in use: there are ${refusal.table}; ?force=true writes over them`,
      );
    case "unknown-table":
    case "unknown-column":
      return problem(
        c,
        "invalid-request",
        `line ${refusal.line}: ${refusal.name} is not known here; deploy the version that made the backup, or a newer one`,
      );
    case "cut-off":
      return problem(
        c,
        "invalid-request",
        `the backup ends early, after ${refusal.rows} rows that are written now; repeat with the whole file and ?force=true`,
      );
  }
}
