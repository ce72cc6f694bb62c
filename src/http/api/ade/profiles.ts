import { type Context, Hono } from "hono";
import * as v from "valibot";
import { removeProfile, type SavedProfile, saveProfile } from "../../../apple-business/save-profile.ts";
import { countWithProfile } from "../../../db/ade-devices.ts";
import {
  type AdeProfileVersionRow,
  definitionsOf,
  findProfile,
  listProfiles,
  listVersions,
} from "../../../db/ade-profiles.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body, invalid, params, query } from "../route/validate.ts";

const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());
const appleKeys = v.record(v.string(), v.unknown());

const AdeProfile = v.pipe(
  v.object({
    name: v.string(),
    version: count,
    profile: v.pipe(appleKeys, v.description("In Apple's keys, as Apple is told")),
    updated_at: Time,
    updated_by: v.string(),
  }),
  v.title("AdeProfile"),
);

const Definition = v.object({ account: v.string(), profile_uuid: text, defined_at: v.nullable(Time) });

const AdeProfileDetail = v.pipe(
  v.object({
    ...AdeProfile.entries,
    definitions: v.pipe(v.array(Definition), v.description("What Apple calls this version, by account")),
    devices: v.pipe(count, v.description("How many should have it")),
  }),
  v.title("AdeProfileDetail"),
);

const Finding = v.object({ pointer: v.string(), code: v.string(), detail: v.string() });

const SavedAdeProfile = v.pipe(
  v.object({
    ...AdeProfile.entries,
    outcome: v.picklist(["created", "changed", "unchanged"]),
    accounts: v.array(
      v.object({
        account: v.string(),
        profile_uuid: v.pipe(text, v.description("null: it is defined there later, by itself")),
        trouble: v.nullable(
          v.object({ reason: v.string(), code: text, detail: v.string(), remedy: v.string() }),
        ),
      }),
    ),
    devices: v.pipe(count, v.description("How many are assigned again")),
    warnings: v.array(Finding),
  }),
  v.title("SavedAdeProfile"),
);

const targetForm = /^(ios|macos|tvos|visionos)(:\d{1,4}(\.\d{1,3}){0,2})?$/;

const targets = v.optional(
  v.pipe(
    v.array(v.pipe(v.string(), v.regex(targetForm, "must be a platform such as macos, or macos:15.4"))),
    v.maxLength(10),
    v.description("Which systems it is for, such as `macos:15.4`: skip items are held against them"),
  ),
  [],
);

const names = {
  name: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be letters, digits, dots, hyphens and underscores"),
  ),
};

/** What devices are told at their activation: Apple's Define a Profile. */
export const adeProfiles = new Hono<ApiEnv>();

adeProfiles.get(
  "/",
  describeRoute("List the ADE profiles, by name", { 200: pageOf(AdeProfile) }),
  allow("viewer"),
  query(pageQuery(v.tuple([v.string()]))),
  async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const rows = await listProfiles(c.var.db, limit + 1, cursor?.[0]);
    return c.json(page(rows, limit, present, ({ name }) => [name]));
  },
);

adeProfiles.get(
  "/:name",
  describeRoute(
    "Read one ADE profile, and where Apple knows it",
    { 200: AdeProfileDetail },
    { problems: ["not-found"], tagged: ["version", "profile"] },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findProfile(c.var.db, c.req.param("name"));
    if (!row) return unknown(c);
    const [definitions, devices] = await Promise.all([
      definitionsOf(c.var.db, row.name, row.version),
      countWithProfile(c.var.db, row.name),
    ]);
    const shown = definitions.map(({ account, profileUuid, definedAt }) => ({
      account,
      profile_uuid: profileUuid,
      defined_at: isoTime(definedAt),
    }));
    return c.json({ ...present(row), definitions: shown, devices });
  },
);

adeProfiles.get(
  "/:name/versions",
  describeRoute("List the versions of an ADE profile, newest first", { 200: pageOf(AdeProfile) }),
  allow("viewer"),
  query(pageQuery(v.tuple([v.number()]))),
  async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const rows = await listVersions(c.var.db, c.req.param("name"), limit + 1, cursor?.[0]);
    return c.json(page(rows, limit, present, ({ version }) => [version]));
  },
);

adeProfiles.put(
  "/:name",
  describeRoute(
    "Define a profile",
    { 200: SavedAdeProfile, 201: SavedAdeProfile },
    {
      problems: ["invalid-request", "conflict"],
      detail:
        "With Apple's keys. `url` is this server's unless given. Everything wrong is told at once, with Apple's codes, before Apple is asked; what Apple refuses then is told alike, and nothing is kept. A change is a new profile at Apple, which every device that has the old one is given: each at its next activation.",
    },
  ),
  allow("operator"),
  params(names),
  query({ target: targets }),
  body(v.pipe(appleKeys, v.title("AdeProfileKeys"))),
  async (c) => {
    const name = c.req.param("name");
    const order = {
      name,
      input: c.req.valid("json"),
      targets: c.req.valid("query").target.map(targetOf),
      enrollUrl: `${publicOrigin(c)}/enroll/ade`,
      by: c.var.caller.tokenId,
    };
    const saved = await saveProfile(c.env, order, Date.now());
    if (!saved.ok) {
      const { refusal } = saved;
      return refusal.reason === "busy" ? problem(c, "conflict", refusal.detail) : invalid(c, refusal.errors);
    }
    const devices = saved.value.outcome === "unchanged" ? 0 : await countWithProfile(c.var.db, name);
    const isNew = saved.value.outcome === "created";
    return c.json(presentSaved(saved.value, devices), isNew ? 201 : 200, {
      Location: `/api/v1/ade/profiles/${name}`,
    });
  },
);

adeProfiles.delete(
  "/:name",
  describeRoute(
    "Delete an ADE profile that no device should have",
    { 204: "Deleted" },
    {
      problems: ["not-found", "conflict"],
      detail: "Apple keeps it, and cannot be told to forget it: no device is given it any more.",
    },
  ),
  allow("operator"),
  async (c) => {
    const removed = await removeProfile(c.env, c.req.param("name"));
    if (!removed.ok) return problem(c, "conflict", removed.refusal.detail);
    return removed.value ? c.body(null, 204) : unknown(c);
  },
);

const unknown = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `there is no ADE profile ${c.req.param("name")}`);

function targetOf(text: string) {
  const [platform = "ios", osVersion] = text.split(":");
  return {
    platform: platform as "ios" | "macos" | "tvos" | "visionos",
    ...(osVersion !== undefined && { osVersion }),
  };
}

const present = ({ name, version, value, createdAt, createdBy }: AdeProfileVersionRow) => ({
  name,
  version,
  profile: value,
  updated_at: isoTime(createdAt),
  updated_by: createdBy,
});

const presentSaved = ({ row, outcome, accounts, warnings }: SavedProfile, devices: number) => ({
  ...present(row),
  outcome,
  accounts: accounts.map(({ account, profileUuid, trouble }) => ({
    account,
    profile_uuid: profileUuid,
    trouble,
  })),
  devices,
  warnings,
});
