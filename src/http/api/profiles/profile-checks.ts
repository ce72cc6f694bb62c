import { Hono, type Context as HonoContext } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import { findChannelFacts } from "../../../assignment/channel-facts.ts";
import { renderProfile } from "../../../assignment/render-profile.ts";
import type { Context } from "../../../catalog/context.ts";
import { findProfile } from "../../../db/profiles.ts";
import { contextOf } from "../../../device/client/context.ts";
import { dictOf } from "../../../library/profile-content.ts";
import { judgeProfile } from "../../../library/take-profile.ts";
import { isDeviceId } from "../../../mdm/channel.ts";
import { fillVariables, personVariables, type VariableFacts, variablesIn } from "../../../mdm/variables.ts";
import { profileFindings } from "../../../profiles/check-profile.ts";
import { type ProfileFinding, rule } from "../../../profiles/findings.ts";
import { profileToJson } from "../../../profiles/profile-json.ts";
import { publicOrigin } from "../../origin.ts";
import { channelQuery } from "../commands/device-commands.ts";
import { noDevice } from "../devices/device-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { bodyOrRaw, invalid, query } from "../route/validate.ts";
import { content, ProfileFindingJson, ProfileVerdict, presentSigner } from "./profile-json.ts";
import {
  file,
  formatQuery,
  given,
  givenProfile,
  largestBody,
  noProfile,
  profileTypes,
  shownTo,
  wantsFile,
} from "./profiles.ts";

/** Checking a profile before it is saved or sent. */
const ProfilePreview = v.pipe(
  v.object({
    identifier: v.string(),
    version: v.pipe(v.number(), v.integer()),
    uuid: v.pipe(v.nullable(v.string()), v.description("The UUID under which the device will list it")),
    digest: v.nullable(v.string()),
    missing: v.pipe(
      v.array(v.string()),
      v.description("Variables for which this device has no value: the profile would not be delivered"),
    ),
    profile: v.pipe(
      v.nullable(content),
      v.description("The profile with its variables filled in; null while a value is missing"),
    ),
    warnings: v.pipe(
      v.array(ProfileFindingJson),
      v.description("Reasons why it does not fit this device or channel"),
    ),
  }),
  v.title("ProfilePreview"),
);

const device = v.pipe(
  v.string(),
  v.check((id: string): boolean => isDeviceId(id), "must be 1 to 255 printable characters without a colon"),
  v.description("The id of a device"),
);

export const profileChecks = new Hono<ApiEnv>();

profileChecks.post(
  "/validate",
  describeRoute(
    "Check a profile without saving it",
    { 200: ProfileVerdict },
    {
      audit: "never",
      problems: ["not-found"],
      detail:
        "It takes what PUT takes, and also enrollment profiles. With a device, it checks the profile as that device would get it: platform, channel, supervision, and values for all variables.",
    },
  ),
  allow("viewer"),
  query({ device: v.optional(device), ...channelQuery }),
  bodyOrRaw(givenProfile, profileTypes, { limitBytes: largestBody }),
  async (c) => {
    const { device: id, channel = "" } = c.req.valid("query");
    const target = id === undefined ? undefined : await targetOf(c, id, channel);
    if (id !== undefined && !target) return problem(c, "not-found", noDevice(id));
    const judged = await judgeProfile(
      given(c.req.valid("json"), c.var.bytes),
      target?.context ?? {},
      Date.now(),
    );
    if (!judged.ok) return invalid(c, [judged.refusal]);
    const { dict, signer } = judged.value.read;
    const filled = target && fillVariables(dict, target.facts);
    const missing = filled && !filled.ok ? filled.refusal.missing : [];
    const findings = [...judged.value.findings, ...missing.map(missingVariable)];
    return c.json({
      valid: !findings.some(({ level }) => level === "error"),
      variables: variablesIn(dict),
      signature: await presentSigner(signer),
      findings,
    });
  },
);

profileChecks.get(
  "/:identifier/preview",
  describeRoute(
    "Show a profile as one device would get it, with variables filled in",
    { 200: ProfilePreview },
    {
      problems: ["not-found", "forbidden", "conflict"],
      answerTypes: { "application/x-apple-aspen-config": "The .mobileconfig file" },
      detail: "The answer is JSON or the .mobileconfig file.",
    },
  ),
  allow("viewer"),
  query({ device, ...channelQuery, ...formatQuery }),
  async (c) => {
    const { device: id, channel = "" } = c.req.valid("query");
    const row = await findProfile(c.var.db, c.req.param("identifier"));
    if (!row) return noProfile(c);
    const target = await targetOf(c, id, channel);
    if (!target) return problem(c, "not-found", noDevice(id));
    if (tellsMore(row.variables) && !includesRole(c.var.caller.role, "helpdesk"))
      return problem(
        c,
        "forbidden",
        "the profile tells of a person, or has the link of a device: its preview needs the role helpdesk",
      );
    const { identifier, version } = row;
    const rendered = await renderProfile(c.env, row, target.facts);
    if (!rendered.ok) {
      const { missing } = rendered.refusal;
      if (wantsFile(c)) return problem(c, "conflict", `the device has no value for ${missing.join(", ")}`);
      return c.json({ identifier, version, uuid: null, digest: null, missing, profile: null, warnings: [] });
    }
    const { bytes, uuid, digest } = rendered.value;
    const dict = dictOf(bytes);
    if (wantsFile(c)) return file(c, bytes, dict, identifier);
    const warnings = await profileFindings(dict, Date.now(), target.context);
    const profile = await profileToJson(shownTo(c, dict));
    return c.json({ identifier, version, uuid, digest, missing: [], profile, warnings });
  },
);

const tellsMore = (variables: readonly string[]): boolean =>
  variables.includes("device.shelf_url") ||
  personVariables.some((name) => variables.includes(`user.${name}`));

/** undefined: the device is not known. */
async function targetOf(
  c: HonoContext<ApiEnv>,
  id: string,
  channel: string,
): Promise<{ facts: VariableFacts; context: Context } | undefined> {
  const [facts, known] = await Promise.all([
    findChannelFacts(c.env, c.var.db, { deviceId: id, userId: channel }, publicOrigin(c)),
    c.env.DEVICE.getByName(id).describe(),
  ]);
  return facts && { facts, context: contextOf(channel, known) };
}

const missingVariable = (name: string): ProfileFinding =>
  rule("missing-variable", "", `the device has no value for {{${name}}}`);
