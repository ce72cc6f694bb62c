import { type Context, Hono } from "hono";
import * as v from "valibot";
import {
  deleteRelease,
  findRelease,
  listReleases,
  putRelease,
  type ReleaseRow,
} from "../../../db/software-updates.ts";
import { updatePlatforms } from "../../../declarations/software-update.ts";
import { restartJob } from "../../../jobs/jobs.ts";
import { versionKey } from "../../../mdm/platform.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time, time } from "../route/times.ts";
import { body, params, query } from "../route/validate.ts";

const Release = v.pipe(
  v.object({
    platform: v.picklist(updatePlatforms),
    version: v.string(),
    released_at: Time,
    source: v.pipe(
      v.picklist(["given", "seen"]),
      v.description("given: an administrator entered it; seen: the first time a device had it"),
    ),
  }),
  v.title("OsRelease"),
);

const NewRelease = v.pipe(
  v.strictObject({ released_at: time("When Apple released it") }),
  v.title("NewOsRelease"),
);

const place = {
  platform: v.picklist(updatePlatforms),
  version: v.pipe(v.string(), v.regex(/^\d+(\.\d+){0,2}$/, "must be a version such as 18.2")),
};

/** Which versions are released, for policies that follow the latest. */
export const osReleases = new Hono<ApiEnv>();

osReleases.get(
  "/",
  describeRoute("List the known releases, newest first for each platform", { 200: pageOf(Release) }),
  allow("viewer"),
  query(listQuery(Release, v.tuple([v.string(), v.number()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listReleases(c.var.db, limit, after),
      present,
      keyOf: ({ platform, versionKey: key }) => [platform, key],
    });
  },
);

osReleases.get(
  "/:platform/:version",
  describeRoute("Read one release", { 200: Release }, { problems: ["not-found"] }),
  allow("viewer"),
  params(place),
  async (c) => {
    const { platform, version } = c.req.valid("param");
    const row = await findRelease(c.var.db, platform, version);
    return row ? c.json(present(row)) : unknown(c, platform, version);
  },
);

osReleases.put(
  "/:platform/:version",
  describeRoute(
    "Record that a version is released, and since when",
    { 200: Release },
    { detail: "This takes precedence over what devices report." },
  ),
  allow("operator"),
  params(place),
  body(NewRelease),
  async (c) => {
    const { platform, version } = c.req.valid("param");
    const { released_at: releasedAt } = c.req.valid("json");
    const row = {
      platform,
      version,
      versionKey: versionKey(version) ?? 0,
      releasedAt,
      source: "given" as const,
    };
    await putRelease(c.var.db, row);
    await restartJob(c.env, "software-updates", c.var.caller.tokenId);
    return c.json(present(row));
  },
);

osReleases.delete(
  "/:platform/:version",
  describeRoute("Forget a release", { 204: "Forgotten" }, { problems: ["not-found"] }),
  allow("operator"),
  async (c) => {
    const { platform, version } = c.req.param();
    if (!(await deleteRelease(c.var.db, platform, version))) return unknown(c, platform, version);
    await restartJob(c.env, "software-updates", c.var.caller.tokenId);
    return c.body(null, 204);
  },
);

const unknown = (c: Context, platform: string, version: string): Response =>
  problem(c, "not-found", `no release ${version} of ${platform} is known`);

const present = (row: ReleaseRow): v.InferInput<typeof Release> => ({
  platform: row.platform as v.InferInput<typeof Release>["platform"],
  version: row.version,
  released_at: isoTime(row.releasedAt),
  source: row.source,
});
