import { Hono } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { composeProfile } from "../../../enrollment/compose-profile.ts";
import { enrollmentKinds } from "../../../enrollment/enrollment-terms.ts";
import { signDownload } from "../../../enrollment/sign-profile.ts";
import { platforms } from "../../../mdm/platform.ts";
import { deviceAddress } from "../../origin.ts";
import { profileHeaders } from "../../profile-answer.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { namedDevice } from "./naming.ts";

const known = (what: string) =>
  v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255), v.description(what)));

export const enrollmentProfile = new Hono<ApiEnv>();

enrollmentProfile.get(
  "/",
  describeRoute(
    "Make an enrollment profile with its own challenge",
    { 200: "A configuration profile (`application/x-apple-aspen-config`)" },
    {
      answerTypes: { "application/x-apple-aspen-config": "The profile" },
      detail:
        "It is for one device: its challenge gives one identity. The header `X-Challenge-Expires` says until when it can be installed; a `Warning` header says what is wrong with it. A profile that names an enrolled device needs the role admin.",
      problems: ["conflict"],
      audit: "always",
    },
  ),
  allow("operator"),
  query({
    kind: v.optional(v.picklist(enrollmentKinds), "device"),
    signed: v.optional(
      v.pipe(v.boolean(), v.description("false: a property list without a signature, for tools")),
      true,
    ),
    platform: v.optional(
      v.pipe(
        v.picklist(platforms),
        v.description("For other platforms than the Mac, leaves out what only Macs use"),
      ),
    ),
    os: known("The version of its system, to know whether it can attest its key"),
    product: known("Such as `Mac14,2`, for the same purpose"),
    serial: known("Only a device with this serial number can use it"),
    udid: known("Only a device with this UDID can use it"),
    account: known("The account it is for; for the kinds user and account_device, the Managed Apple Account"),
  }),
  async (c) => {
    const { kind, signed, platform, os, product, ...names } = c.req.valid("query");
    const issuedFor = await namedDevice(c, names);
    if (!issuedFor.ok) return issuedFor.refusal;
    const now = Date.now();
    const { organization } = await loadSettings(c.env, now);
    const machine = { platform, osVersion: os, productName: product };
    const order = { kind, issuedFor: issuedFor.value, address: deviceAddress(c), organization, ...machine };
    const composed = await composeProfile(c.env, order, now);
    if (!composed.ok) return problem(c, "conflict", composed.refusal.detail);
    const { profile, expiresAt, warning } = composed.value;
    return c.body(signed ? await signDownload(c.env, profile, now) : profile, 200, {
      ...profileHeaders({ warning }),
      "X-Challenge-Expires": isoTime(expiresAt),
    });
  },
);
