import { Hono } from "hono";
import * as v from "valibot";
import { listPushCertificates } from "../../../db/push-certificates.ts";
import { emptyTally, type FleetTally, keptSummary, silentDays, tallyPage } from "../../../db/summary.ts";
import { platforms } from "../../../mdm/platform.ts";
import { states } from "../devices/device-words.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, TimeOrNull } from "../route/times.ts";

const count = (description?: string) =>
  description === undefined
    ? v.pipe(v.number(), v.integer())
    : v.pipe(v.number(), v.integer(), v.description(description));

const counts = <Names extends readonly string[]>(names: Names) =>
  v.object(
    Object.fromEntries(names.map((name) => [name, count()])) as Record<
      Names[number],
      ReturnType<typeof count>
    >,
  );

const Summary = v.pipe(
  v.object({
    as_of: v.pipe(
      TimeOrNull,
      v.description(
        "When the devices were counted; null: the fleet is large, and the job `summary` has yet to count it",
      ),
    ),
    complete: v.pipe(v.boolean(), v.description("false: only the first devices were counted")),
    devices: counts(states),
    enrolled: v.object({
      platforms: counts([...platforms, "unknown"]),
      systems: v.pipe(
        v.array(v.object({ platform: v.string(), os_version: v.string(), devices: count() })),
        v.description("The most frequent first"),
      ),
      encrypted: counts(["yes", "no", "unknown"]),
      silent: v.pipe(
        v.object({ days_7: count(), days_30: count(), days_90: count() }),
        v.description("Not seen for more than so many days, or never"),
      ),
      failed: count(
        "With a profile, a declaration or an app that failed: see `failed` of the list of devices",
      ),
    }),
    push: v.object({
      certificates: count(),
      expired: count(),
      next_expiry_at: v.pipe(TimeOrNull, v.description("null: there is no certificate that is still valid")),
    }),
  }),
  v.title("Summary"),
);

/** The fleet in numbers. */
export const summary = new Hono<ApiEnv>();

summary.get(
  "/",
  describeRoute(
    "Read the fleet in numbers",
    { 200: Summary },
    {
      tag: "devices",
      detail:
        "Up to 2,000 devices are counted now; a larger fleet as of the job `summary`, which runs every hour and can be started by hand.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const now = Date.now();
    const [live, certificates] = await Promise.all([
      tallyPage(c.var.db, emptyTally(), "", now),
      listPushCertificates(c.var.db),
    ]);
    const isWhole = live.last === undefined;
    const kept = isWhole ? undefined : await keptSummary(c.var.db);
    const ends = certificates.map(({ notAfter }) => notAfter);
    const valid = ends.filter((end) => end > now);
    return c.json({
      as_of: isWhole ? isoTime(now) : isoTimeOrNull(kept?.countedAt ?? null),
      complete: isWhole || kept !== undefined,
      ...present(kept?.tally ?? live.tally),
      push: {
        certificates: ends.length,
        expired: ends.length - valid.length,
        next_expiry_at: valid.length === 0 ? null : isoTime(Math.min(...valid)),
      },
    });
  },
);

const present = (tally: FleetTally) => ({
  devices: numbers(states, tally.states),
  enrolled: {
    platforms: numbers([...platforms, "unknown"], tally.platforms),
    systems: Object.entries(tally.systems)
      .map(([system, devices]) => {
        const space = system.indexOf(" ");
        return { platform: system.slice(0, space), os_version: system.slice(space + 1), devices };
      })
      .sort((a, b) => b.devices - a.devices || (a.os_version < b.os_version ? -1 : 1)),
    encrypted: tally.encrypted,
    silent: Object.fromEntries(silentDays.map((days) => [`days_${days}`, tally.silent[days]])),
    failed: tally.failed,
  },
});

const numbers = (names: readonly string[], counted: Record<string, number>) =>
  Object.fromEntries(names.map((name) => [name, counted[name] ?? 0]));
