import { Hono } from "hono";
import * as v from "valibot";
import { isReady, readinessOf } from "../../../apple-business/migration-readiness.ts";
import { listMigrating, type MigratingDevice } from "../../../db/ade-migrations.ts";
import { loadEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { query } from "../route/validate.ts";

/** Devices that must move here by a deadline. */
export const adeMigrations = new Hono<ApiEnv>();

const text = v.nullable(v.string());

const Migration = v.pipe(
  v.object({
    serial_number: v.string(),
    account: v.string(),
    model: text,
    device_family: text,
    profile: v.pipe(text, v.description("The ADE profile that it should have")),
    deadline: Time,
    state: v.pipe(
      v.picklist(["waiting", "overdue", "arrived"]),
      v.description("`arrived`: a device with this serial number is enrolled here"),
    ),
    device_id: text,
    ready: v.boolean(),
    checks: v.array(
      v.object({
        check: v.string(),
        ready: v.boolean(),
        detail: v.pipe(v.string(), v.description("What is there, or what is missing and what to do")),
      }),
    ),
  }),
  v.title("AdeMigration"),
);

adeMigrations.get(
  "/",
  describeRoute(
    "List the devices that must move here by a deadline, the nearest first",
    { 200: pageOf(Migration) },
    { detail: "With what each still needs. See docs/apple-business.md." },
  ),
  allow("viewer"),
  query({
    account: v.optional(v.pipe(v.string(), v.maxLength(100), v.description("Of this ADE account"))),
    arrived: v.optional(v.pipe(v.boolean(), v.description("Whether it is enrolled here already"))),
    ...pageQuery(v.tuple([v.number(), v.string(), v.string()])),
  }),
  async (c) => {
    const { limit, cursor, account, arrived } = c.req.valid("query");
    const now = Date.now();
    const { file_vault_escrow: escrow } = await loadEnrollmentSettings(c.env, now);
    const rows = await listMigrating(c.var.db, { account, enrolled: arrived }, limit + 1, cursor);
    return c.json(
      page(
        rows,
        limit,
        (row) => present(row, escrow !== undefined, now),
        ({ deadline, serial, account: owner }) => [deadline, serial, owner],
      ),
    );
  },
);

function present(row: MigratingDevice, hasEscrow: boolean, now: number): v.InferInput<typeof Migration> {
  const checks = readinessOf(row, hasEscrow, now);
  return {
    serial_number: row.serial,
    account: row.account,
    model: row.model,
    device_family: row.family,
    profile: row.profile,
    deadline: isoTime(row.deadline),
    state: row.deviceId !== null ? "arrived" : row.deadline < now ? "overdue" : "waiting",
    device_id: row.deviceId,
    ready: isReady(checks),
    checks,
  };
}
