import { type Context, Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import type { Bytes } from "../../../base/bytes.ts";
import { findProfile, listProfiles, listProfileVersions } from "../../../db/profiles.ts";
import { signDownload } from "../../../enrollment/sign-profile.ts";
import type { GivenProfile } from "../../../library/given-profile.ts";
import { dictOf, openContent } from "../../../library/profile-content.ts";
import { removeProfile, restoreProfile } from "../../../library/profiles.ts";
import { type TakeRefusal, takeProfile } from "../../../library/take-profile.ts";
import { holdsSecret, mask } from "../../../mdm/secrets.ts";
import type { PlistDict } from "../../../plist/value.ts";
import { profileToJson } from "../../../profiles/profile-json.ts";
import { profileHeaders } from "../../profile-answer.ts";
import { validateQuery } from "../commands/order-json.ts";
import { unknownPlan } from "../rollouts/asked-plan.ts";
import { askedPlan } from "../rollouts/plan-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { bodyOrRaw, invalid, params, query } from "../route/validate.ts";
import {
  content,
  errorOf,
  Profile,
  ProfileDetail,
  ProfileVersion,
  presentProfile,
  presentSigner,
  presentVersion,
  SavedProfile,
} from "./profile-json.ts";

export const profileTypes = [
  "application/x-apple-aspen-config",
  "application/xml",
  "text/xml",
  "application/x-plist",
  "application/octet-stream",
  "application/pkcs7-mime",
];

/** A profile of a million bytes with its signature, or in JSON. */
export const largestBody = 2 * 1024 * 1024;

export const givenProfile = v.pipe(content, v.title("ProfileContent"));

export const formatQuery = {
  format: v.optional(
    v.pipe(
      v.picklist(["json", "mobileconfig"]),
      v.description("Unless set, Accept decides: application/x-apple-aspen-config is the file"),
    ),
  ),
  signed: v.optional(
    v.pipe(v.boolean(), v.description("false: the file is a property list without a signature")),
    true,
  ),
};

const identifier = v.object({
  identifier: v.pipe(
    v.string(),
    v.maxLength(255),
    v.regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, "must be letters, digits, dots and hyphens"),
  ),
});

export const profiles = new Hono<ApiEnv>();

profiles.get(
  "/",
  describeRoute("List the profiles of the library, by identifier", { 200: pageOf(Profile) }),
  allow("viewer"),
  query(listQuery(Profile, v.tuple([v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listProfiles(c.var.db, limit, after?.[0]),
      present: presentProfile,
      keyOf: (row) => [row.identifier],
    });
  },
);

profiles.get(
  "/:identifier",
  describeRoute(
    "Read one profile, as JSON or as a .mobileconfig file",
    { 200: ProfileDetail },
    {
      tagged: ["digest", "encrypted"],
      problems: ["not-found", "forbidden"],
      answerTypes: { "application/x-apple-aspen-config": "The .mobileconfig file" },
      detail:
        "Variables are not filled in. JSON shows secrets to admins and masks them for others; only admins get the file of a profile with secrets. There is an audit entry when an admin reads secrets.",
    },
  ),
  allow("viewer"),
  query(formatQuery),
  async (c) => {
    const row = await findProfile(c.var.db, c.req.param("identifier"));
    if (!row) return noProfile(c);
    const bytes = await openContent(c.env, row);
    const dict = dictOf(bytes);
    if (wantsFile(c)) return file(c, bytes, dict, row.identifier);
    return c.json({ ...presentProfile(row), profile: await profileToJson(shownTo(c, dict)) });
  },
);

profiles.put(
  "/:identifier",
  describeRoute(
    "Save a profile under its PayloadIdentifier",
    { 200: SavedProfile, 201: SavedProfile },
    {
      detail:
        "Send JSON, where names and versions may be left out, or a .mobileconfig file: XML or binary, signed or not. A signature must be valid; it is reported and removed. Saving the same content again makes no new version. Devices that have the profile by a set get the new version.",
    },
  ),
  allow("operator"),
  params(identifier.entries),
  query({
    ...validateQuery,
    encrypt: v.optional(
      v.pipe(
        v.boolean(),
        v.description("Whether it is encrypted to the identity of each device; unchanged unless set"),
      ),
    ),
    rollout: v.optional(askedPlan),
  }),
  bodyOrRaw(givenProfile, profileTypes, { limitBytes: largestBody }),
  async (c) => {
    const { validate: mode, encrypt: encrypted, rollout } = c.req.valid("query");
    const planned = await unknownPlan(c, rollout, "/rollout", "query");
    if (planned !== undefined) return planned;
    const order = {
      identifier: c.req.param("identifier"),
      given: given(c.req.valid("json"), c.var.bytes),
      mode,
      encrypted,
      by: c.var.caller.tokenId,
      rollout,
    };
    const taken = await takeProfile(c.env, order, Date.now());
    if (!taken.ok) return unfit(c, taken.refusal);
    const { saved, signer, findings } = taken.value;
    const { row, outcome } = saved;
    const answer = {
      ...presentProfile(row),
      outcome,
      rollout: saved.rollout ?? null,
      signature: await presentSigner(signer),
      warnings: findings,
    };
    return c.json(answer, outcome === "added" ? 201 : 200, { Location: addressOf(row.identifier) });
  },
);

profiles.delete(
  "/:identifier",
  describeRoute(
    "Delete a profile and its versions; refused while a set or a declaration uses it",
    { 204: "Forgotten" },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  async (c) => {
    const removed = await removeProfile(c.env, c.req.param("identifier"));
    if (removed.ok) return c.body(null, 204);
    if (removed.refusal.reason === "unknown") return noProfile(c);
    const { sets, declarations } = removed.refusal;
    const held = [...sets.map((name) => `set ${name}`), ...declarations.map((name) => `declaration ${name}`)];
    return problem(c, "conflict", `it is used by ${held.join(", ") || "a set"}; remove it there first`, {
      members: { sets, declarations },
    });
  },
);

profiles.get(
  "/:identifier/versions",
  describeRoute(
    "List the versions of a profile, newest first",
    { 200: pageOf(ProfileVersion) },
    { problems: ["not-found"], detail: "The last 50 are kept." },
  ),
  allow("viewer"),
  query(listQuery(ProfileVersion, v.tuple([v.number()]))),
  async (c) => {
    const identifier = c.req.param("identifier");
    if ((await listProfileVersions(c.var.db, identifier, 1, undefined)).length === 0) return noProfile(c);
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listProfileVersions(c.var.db, identifier, limit, after?.[0]),
      present: presentVersion,
      keyOf: ({ version }) => [version],
    });
  },
);

profiles.post(
  "/:identifier/versions/:version/restore",
  describeRoute(
    "Save an earlier version as the newest one",
    { 200: Profile },
    { problems: ["not-found"], detail: "Restoring it again changes nothing." },
  ),
  allow("operator"),
  params({ identifier: v.string(), version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)) }),
  async (c) => {
    const { identifier, version } = c.req.valid("param");
    const by = c.var.caller.tokenId;
    const restored = await restoreProfile(c.env, { identifier, version, by }, Date.now());
    if (restored.ok) return c.json(presentProfile(restored.value.row));
    return problem(c, "not-found", `no version ${version} of a profile ${identifier} is kept`);
  },
);

export const given = (json: { [key: string]: unknown } | undefined, bytes: Bytes): GivenProfile =>
  json === undefined ? { file: bytes } : { json };

export const noProfile = (c: Context): Response =>
  problem(c, "not-found", `the library has no profile ${c.req.param("identifier")}`);

const addressOf = (name: string): string => `/api/v1/profiles/${encodeURIComponent(name)}`;

const unfit = (c: Context, refusal: TakeRefusal): Response =>
  invalid(c, refusal.reason === "unusable" ? [refusal.error] : refusal.findings.map(errorOf));

export const wantsFile = (c: Context): boolean => {
  const format = c.req.query("format");
  if (format !== undefined) return format === "mobileconfig";
  return (c.req.header("Accept") ?? "").includes("application/x-apple-aspen-config");
};

/** What the caller may see of it; showing a secret leaves an audit entry. */
export function shownTo(c: Context<ApiEnv>, dict: PlistDict): PlistDict {
  if (!includesRole(c.var.caller.role, "admin")) return mask(dict) as PlistDict;
  if (holdsSecret(dict)) c.set("audit", "always");
  return dict;
}

/** A file with masked values would be another profile: a caller gets the whole file or none. */
export async function file(
  c: Context<ApiEnv>,
  bytes: Bytes,
  dict: PlistDict,
  name: string,
): Promise<Response> {
  const isSecret = holdsSecret(dict);
  if (isSecret && !includesRole(c.var.caller.role, "admin"))
    return problem(c, "forbidden", "the profile has secrets: its file needs the role admin; JSON masks them");
  if (isSecret) c.set("audit", "always");
  const whole = c.req.query("signed") === "false" ? bytes : await signDownload(c.env, bytes, Date.now());
  return c.body(whole, 200, profileHeaders({ name }));
}
