import { type Context, Hono } from "hono";
import * as v from "valibot";
import { forgetSettings } from "../../../admin/settings.ts";
import { type Cursor, largestPage, readCursor } from "../../../backup/format.ts";
import { type RestoreRefusal, restorePage } from "../../../backup/restore.ts";
import { writeBackupPage } from "../../../backup/write.ts";
import { forgetAuthorities } from "../../../enrollment/authority.ts";
import { readBody } from "../../body.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";

const Restored = v.pipe(
  v.object({
    backup: v.string(),
    page: v.pipe(v.number(), v.description("From 0")),
    rows: v.number(),
    devices: v.pipe(v.number(), v.description("Devices whose objects were restored")),
    kept: v.pipe(v.number(), v.description("Devices whose objects already held data and keep it")),
    unread: v.pipe(v.number(), v.description("Devices that did not answer when the backup was made")),
    done: v.pipe(v.boolean(), v.description("Whether this was the last page")),
  }),
  v.title("Restored"),
);

const force = v.optional(
  v.pipe(v.boolean(), v.description("true: write over a deployment that has devices or identities")),
  false,
);

const cursor = v.optional(
  v.pipe(
    v.string(),
    v.description("The `next_cursor` in the last line of the page before"),
    v.rawTransform<string, Cursor>(({ dataset, addIssue, NEVER }) => {
      const read = readCursor(dataset.value);
      if (read) return read;
      addIssue({ message: "is not a next_cursor of a backup; start again without one" });
      return NEVER;
    }),
  ),
);

export const backup = new Hono<ApiEnv>();

backup.get(
  "/",
  describeRoute(
    "Read a page of a backup: everything that must not be lost, with secrets sealed",
    { 200: "application/x-ndjson: one JSON object a line; the last one has next_cursor" },
    {
      answerTypes: { "application/x-ndjson": "One JSON object a line" },
      audit: "always",
    },
  ),
  allow("admin"),
  query({ cursor }),
  async (c) => {
    const now = Date.now();
    const name = `edgemdm-${new Date(now).toISOString().slice(0, 10)}.ndjson`;
    return c.body(await writeBackupPage(c.env, c.req.valid("query").cursor, now), 200, {
      "Content-Type": "application/x-ndjson",
      "Content-Disposition": `attachment; filename="${name}"`,
    });
  },
);

backup.post(
  "/restore",
  describeRoute(
    "Write a page of a backup into this deployment. It must have the MASTER_KEY of the backup and be empty before the first page",
    { 200: Restored },
    { problems: ["invalid-request", "conflict", "body-too-large", "storage-unavailable"] },
  ),
  allow("admin"),
  query({ force }),
  async (c) => {
    const body = await readBody(c.req.raw, largestPage);
    if (!body.ok) return problem(c, "body-too-large", tooLarge);
    // Bytes that are not text are not a backup: reading them gives that error.
    const text = new TextDecoder().decode(body.value);
    const restored = await restorePage(c.env, text, c.req.valid("query").force, Date.now());
    forgetAuthorities();
    forgetSettings();
    return restored.ok ? c.json(restored.value) : refused(c, restored.refusal);
  },
);

const tooLarge = `a page has at most ${largestPage} bytes; send a backup page by page, as npm run restore does`;

function refused(c: Context, refusal: RestoreRefusal): Response {
  switch (refusal.reason) {
    case "not-a-backup":
      return problem(c, "invalid-request", `line ${refusal.line}: ${refusal.detail}`);
    case "other-master-key":
      return problem(
        c,
        "conflict",
        `the backup was made under master key ${refusal.needed}, this deployment has ${refusal.held}; set MASTER_KEY, or MASTER_KEY_PREVIOUS, to the key from edgemdm-recovery.json`,
      );
    case "not-empty":
      return problem(
        c,
        "conflict",
        `this deployment is in use: it has ${refusal.table}; ?force=true overwrites them`,
      );
    case "unknown-table":
    case "unknown-column":
      return problem(
        c,
        "invalid-request",
        `${refusal.name} is not known here; deploy the version that made the backup, or a newer one`,
      );
    case "cut-off":
      return problem(
        c,
        "invalid-request",
        `the page ends early, after ${refusal.lines} lines; nothing of it was written`,
      );
    case "out-of-order":
      return problem(
        c,
        "conflict",
        `page ${refusal.page} cannot be written before page ${refusal.expected} of this backup`,
      );
    case "device-refused":
      return problem(c, "invalid-request", `the device ${refusal.id}: ${refusal.detail}`);
    case "device-unreachable":
      return problem(
        c,
        "storage-unavailable",
        `the device ${refusal.id}: ${refusal.detail}; repeat the page`,
      );
  }
}
