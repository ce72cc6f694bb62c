import { type Context, Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import type { Bytes } from "../../../base/bytes.ts";
import { findProfile, listProfiles, listProfileVersions } from "../../../db/profiles.ts";
import { signProfile } from "../../../enrollment/sign-profile.ts";
import { dictOf, openContent } from "../../../library/profile-content.ts";
import { removeProfile, restoreProfile } from "../../../library/profiles.ts";
import { type GivenProfile, type TakeRefusal, takeProfile } from "../../../library/take-profile.ts";
import { holdsSecret, mask } from "../../../mdm/secrets.ts";
import type { PlistDict } from "../../../plist/value.ts";
import { profileToJson } from "../../../profiles/profile-json.ts";
import { profileHeaders } from "../../profile-answer.ts";
import { validateQuery } from "../commands/order-json.ts";
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
      v.description("Otherwise as Accept says: application/x-apple-aspen-config is the file"),
    ),
  ),
  signed: v.optional(v.pipe(v.boolean(), v.description("false: the file as a bare property list")), true),
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
      problems: ["not-found", "forbidden"],
      answerTypes: { "application/x-apple-aspen-config": "The .mobileconfig file" },
      detail:
        "Variables stand as they are. JSON shows secrets to admins alone, masked to others; the file of a profile that holds secrets goes to admins alone. An admin who reads secrets leaves an audit entry.",
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
    "Keep a profile under its PayloadIdentifier",
    { 200: SavedProfile, 201: SavedProfile },
    {
      detail:
        "In JSON, names and versions may be left out; or a .mobileconfig file, XML or binary, signed or not: a signature must hold, and is reported and taken off. The same content again is no new version. Devices that have the profile by a set get the new version.",
    },
  ),
  allow("operator"),
  params(identifier.entries),
  query({
    ...validateQuery,
    encrypt: v.optional(
      v.pipe(
        v.boolean(),
        v.description("Goes to each device encrypted to its identity; otherwise as it was"),
      ),
    ),
  }),
  bodyOrRaw(givenProfile, profileTypes, { limitBytes: largestBody }),
  async (c) => {
    const { validate: mode, encrypt: encrypted } = c.req.valid("query");
    const order = {
      identifier: c.req.param("identifier"),
      given: given(c.req.valid("json"), c.var.bytes),
      mode,
      encrypted,
      by: c.var.caller.tokenId,
    };
    const taken = await takeProfile(c.env, order, Date.now());
    if (!taken.ok) return unfit(c, taken.refusal);
    const { saved, signer, findings } = taken.value;
    const { row, outcome } = saved;
    const answer = {
      ...presentProfile(row),
      outcome,
      signature: await presentSigner(signer),
      warnings: findings,
    };
    return c.json(answer, outcome === "added" ? 201 : 200, { Location: addressOf(row.identifier) });
  },
);

profiles.delete(
  "/:identifier",
  describeRoute(
    "Forget a profile and its versions; not while a set or a declaration has it",
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
    return problem(c, "conflict", `it is held by ${held.join(", ") || "a set"}; take it out there first`, {
      members: { sets, declarations },
    });
  },
);

profiles.get(
  "/:identifier/versions",
  describeRoute(
    "List the contents that a profile had, newest first",
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
    "Make an earlier content the present one, as a new version",
    { 200: Profile },
    { problems: ["not-found"], detail: "Restored again, nothing changes." },
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

/** What the caller may see of it; showing a secret leaves a trace. */
export function shownTo(c: Context<ApiEnv>, dict: PlistDict): PlistDict {
  if (!includesRole(c.var.caller.role, "admin")) return mask(dict) as PlistDict;
  if (holdsSecret(dict)) c.set("audit", "always");
  return dict;
}

/** A file with masks in it would be another profile: it goes out whole, or not at all. */
export async function file(
  c: Context<ApiEnv>,
  bytes: Bytes,
  dict: PlistDict,
  name: string,
): Promise<Response> {
  const isSecret = holdsSecret(dict);
  if (isSecret && !includesRole(c.var.caller.role, "admin"))
    return problem(
      c,
      "forbidden",
      "the profile holds secrets: its file needs the role admin; JSON masks them",
    );
  if (isSecret) c.set("audit", "always");
  const whole = c.req.query("signed") === "false" ? bytes : await signProfile(c.env, bytes, Date.now());
  return c.body(whole, 200, profileHeaders({ name }));
}
