import { type Context, Hono } from "hono";
import * as v from "valibot";
import { fromBase64, toBase64 } from "../../../base/bytes.ts";
import {
  deleteProvisioningProfile,
  findProvisioningProfile,
  listProvisioningProfiles,
  type ProvisioningProfileEntry,
  putProvisioningProfile,
} from "../../../db/provisioning-profiles.ts";
import { readProvisioningProfile } from "../../../profiles/provisioning-profile.ts";
import { endingWithinMs } from "../../../profiles/provisioning-profile-end.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { invalid, query, rawBody } from "../route/validate.ts";

const ProvisioningProfile = v.pipe(
  v.object({
    uuid: v.string(),
    name: v.string(),
    app_id: v.pipe(v.nullable(v.string()), v.description("Team and bundle identifier")),
    team_id: v.nullable(v.string()),
    platforms: v.array(v.string()),
    devices: v.pipe(
      v.nullable(v.array(v.string())),
      v.description("UDIDs; null: every device of the organization"),
    ),
    expires_at: Time,
    state: v.pipe(v.picklist(["valid", "expiring", "expired"]), v.description("expiring: within 30 days")),
    uploaded_at: Time,
  }),
  v.title("ProvisioningProfile"),
);

const fileTypes = [
  "application/octet-stream",
  "application/x-apple-aspen-mobileprovision",
  "application/x-apple-mobileprovision",
];
const largestFile = 1024 * 1024;

export const provisioningProfiles = new Hono<ApiEnv>();

provisioningProfiles.get(
  "/",
  describeRoute("List the provisioning profiles, by UUID", { 200: pageOf(ProvisioningProfile) }),
  allow("viewer"),
  query(listQuery(ProvisioningProfile, v.tuple([v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listProvisioningProfiles(c.var.db, limit, after?.[0]),
      present,
      keyOf: ({ uuid }) => [uuid],
    });
  },
);

provisioningProfiles.get(
  "/:uuid",
  describeRoute(
    "Read one provisioning profile",
    { 200: ProvisioningProfile },
    {
      problems: ["not-found"],
      answerTypes: { "application/octet-stream": "The file" },
      detail: "With `Accept: application/octet-stream` the answer is the file as it was uploaded.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findProvisioningProfile(c.var.db, c.req.param("uuid"));
    if (!row) return unknown(c, c.req.param("uuid"));
    if (!fileTypes.includes(c.req.header("Accept") ?? "")) return c.json(present(row));
    return c.body(fromBase64(row.content) ?? "", 200, {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${row.uuid.replace(/[^\w.-]/g, "_")}.mobileprovision"`,
    });
  },
);

provisioningProfiles.put(
  "/:uuid",
  describeRoute(
    "Upload a .mobileprovision file under the UUID in it",
    { 200: ProvisioningProfile, 201: ProvisioningProfile },
    {
      detail:
        'It is kept unchanged. Install it with InstallProvisioningProfile and `{"provisioning_profile": "<uuid>"}`.',
    },
  ),
  allow("operator"),
  rawBody(fileTypes, { limitBytes: largestFile }),
  async (c) => {
    const read = await readProvisioningProfile(c.var.bytes);
    if (!read.ok)
      return invalid(c, [{ pointer: "", code: read.refusal.reason, detail: read.refusal.detail }]);
    const { bytes, ...profile } = read.value;
    if (profile.uuid !== c.req.param("uuid")) {
      const detail = `the file has the UUID ${profile.uuid}; upload it to that address`;
      return invalid(c, [{ pointer: "/uuid", code: "other-uuid", detail, in: "path" }]);
    }
    const row = { ...profile, content: toBase64(bytes), uploadedAt: Date.now(), warned: "nothing" as const };
    const added = await putProvisioningProfile(c.var.db, row);
    return c.json(present(row), added ? 201 : 200, { Location: `/api/v1/provisioning-profiles/${row.uuid}` });
  },
);

provisioningProfiles.delete(
  "/:uuid",
  describeRoute(
    "Delete a provisioning profile; devices keep it until they get RemoveProvisioningProfile",
    { 204: "Forgotten" },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  async (c) => {
    const gone = await deleteProvisioningProfile(c.var.db, c.req.param("uuid"));
    return gone ? c.body(null, 204) : unknown(c, c.req.param("uuid"));
  },
);

const unknown = (c: Context, uuid: string): Response =>
  problem(c, "not-found", `no provisioning profile has the UUID ${uuid}`);

const present = (
  row: Omit<ProvisioningProfileEntry, "warned">,
): v.InferInput<typeof ProvisioningProfile> => ({
  uuid: row.uuid,
  name: row.name,
  app_id: row.appId,
  team_id: row.teamId,
  platforms: row.platforms,
  devices: row.devices,
  expires_at: isoTime(row.expiresAt),
  state: stateOf(row.expiresAt, Date.now()),
  uploaded_at: isoTime(row.uploadedAt),
});

function stateOf(expiresAt: number, now: number): "valid" | "expiring" | "expired" {
  if (expiresAt <= now) return "expired";
  return expiresAt <= now + endingWithinMs ? "expiring" : "valid";
}
