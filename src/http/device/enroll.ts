import { type Context, Hono } from "hono";
import { loadSettings } from "../../admin/settings.ts";
import { log } from "../../base/log.ts";
import type { Result } from "../../base/result.ts";
import { openDb } from "../../db/open.ts";
import { type ComposedProfile, foreseeProfile } from "../../enrollment/compose-profile.ts";
import { loadEnrollmentSettings } from "../../enrollment/enrollment-settings.ts";
import { type RedeemRefusal, readInvitation, redeemInvitation } from "../../enrollment/invitations.ts";
import { composeForAnybody, type OpenRefusal } from "../../enrollment/open-enrollment.ts";
import { signProfile } from "../../enrollment/sign-profile.ts";
import type { AppEnv } from "../app-env.ts";
import { logRequestFault } from "../fault.ts";
import { accentStyle, type Look, logoSource } from "../organization-look.ts";
import { deviceAddress } from "../origin.ts";
import { page } from "../page.ts";
import { profileHeaders } from "../profile-answer.ts";
import { isOverLimit, retryAfter } from "../rate-limit.ts";
import { trace } from "../trace.ts";
import { consentIn, enrollProblemPage, enrollStyle, offerPage } from "./enroll-page.ts";
import { guessMachine, otherThanMac, versionOf } from "./enroll-steps.ts";
import { type Language, languageOf } from "./enroll-words/language.ts";
import type { EnrollProblem } from "./enroll-words/words.ts";

/**
 * Enrollment for people: the page that an invitation's link opens on the device, and the profile behind its button.
 * Errors are pages too, because a person reads them.
 *
 * Opening the page does not use the invitation, because previews of messages open it too; fetching the profile does.
 */
export const enroll = new Hono<AppEnv>();

enroll.use(async (c, next) => {
  if (!(await isOverLimit(c.env.ENROLL_LIMIT, c))) return next();
  // What the page says is right: the link stays good, and a minute later it works.
  const { body, headers } = await apologize(c, "fault");
  return new Response(body, { status: 429, headers: { ...Object.fromEntries(headers), ...retryAfter } });
});

const order = { kind: "device", issuedFor: {} } as const;

enroll.get("/enroll", async (c) => {
  const now = Date.now();
  const settings = await loadEnrollmentSettings(c.env, now);
  const code = c.req.query("code");
  const invitation =
    code === undefined ? undefined : await readInvitation(openDb(c.env.DB), code.trim(), now);
  if (invitation?.ok === false) return apologize(c, invitation.refusal.reason);
  if (invitation === undefined && !settings.open_enrollment) return apologize(c, "no-code");
  const address = deviceAddress(c);
  const foreseen = await foreseeProfile(c.env, settings, { ...order, address, ...machineOf(c) }, now);
  if (!foreseen.ok) return refused(c, foreseen.refusal);
  const look = await loadSettings(c.env, now);
  const organization = settings.profile.PayloadOrganization ?? look.organization;
  const language = languageOfRequest(c);
  const path = (place: string) =>
    code === undefined ? place : `${place}?code=${encodeURIComponent(code.trim())}`;
  const offer = {
    look: { ...look, organization },
    host: new URL(foreseen.value.mdm.ServerURL).host,
    link: address.origin + path("/enroll"),
    profileUrl: path("/enroll/profile"),
    accessRights: foreseen.value.mdm.AccessRights,
    consent: consentIn(settings.profile.ConsentText, language.code),
    expiresAt: invitation?.value.expiresAt ?? null,
    removable: settings.profile.PayloadRemovalDisallowed !== true,
    machine: guessMachine(userAgentOf(c)),
    isPlaceholder: foreseen.value.warning !== undefined,
  };
  return person(c, language.words.title(organization), offerPage(offer, language), offer.look);
});

enroll.get("/enroll/profile", async (c) => {
  // Hono answers HEAD with this handler: a HEAD request must not use up the link.
  if (c.req.method === "HEAD") return c.body(null, 200, profileHeaders());
  const now = Date.now();
  const composed = await profileFor(c, c.req.query("code")?.trim(), now);
  if (composed === undefined) return apologize(c, "no-code");
  if (!composed.ok) return refused(c, composed.refusal);
  const { profile, warning } = composed.value;
  return c.body(await signProfile(c.env, profile, now), 200, {
    ...profileHeaders({ warning }),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
  });
});

/** undefined: there is no code. That is allowed only if enrollment is open. */
async function profileFor(
  c: Context<AppEnv>,
  code: string | undefined,
  now: number,
): Promise<Result<ComposedProfile, RedeemRefusal | OpenRefusal> | undefined> {
  const { organization } = await loadSettings(c.env, now);
  const address = deviceAddress(c);
  const machine = machineOf(c);
  if (code !== undefined) return redeemInvitation(c.env, code, { address, organization, ...machine }, now);
  const { open_enrollment } = await loadEnrollmentSettings(c.env, now);
  return open_enrollment
    ? composeForAnybody(c.env, { ...order, address, organization, ...machine }, now)
    : undefined;
}

const userAgentOf = (c: Context<AppEnv>): string => c.req.header("User-Agent") ?? "";

function machineOf(c: Context<AppEnv>) {
  const userAgent = userAgentOf(c);
  return { platform: otherThanMac(userAgent), osVersion: versionOf(userAgent) };
}

const languageOfRequest = (c: Context<AppEnv>): Language => languageOf(c.req.header("Accept-Language"));

enroll.onError((fault, c) => {
  logRequestFault(fault, c);
  return apologize(c, "fault");
});

function refused(c: Context<AppEnv>, refusal: RedeemRefusal | OpenRefusal): Response | Promise<Response> {
  switch (refusal.reason) {
    case "unknown":
    case "expired":
    case "used-up":
    case "revoked":
      return apologize(c, refusal.reason);
    case "cannot-attest":
      return apologize(c, "too-old");
    default:
      return notReady(c, refusal);
  }
}

/** The reason goes to the log: the person with the link can do nothing about it. */
function notReady(c: Context<AppEnv>, { reason, detail }: { reason: string; detail: string }) {
  log({ event: "enrollment.not_ready", reason, detail, request_id: trace(c).requestId });
  return apologize(c, "not-ready");
}

const statuses: Record<EnrollProblem, 403 | 404 | 410 | 503> = {
  unknown: 404,
  "no-code": 404,
  expired: 410,
  "used-up": 410,
  revoked: 410,
  "too-old": 403,
  "not-ready": 503,
  fault: 503,
};

async function apologize(c: Context<AppEnv>, problem: EnrollProblem): Promise<Response> {
  c.status(statuses[problem]);
  const look = problem === "fault" ? undefined : await loadSettings(c.env, Date.now());
  const language = languageOfRequest(c);
  const content = enrollProblemPage(problem, language, look);
  return person(c, language.words.problems[problem].title, content, look);
}

function person(
  c: Context<AppEnv>,
  title: string,
  content: ReturnType<typeof offerPage>,
  look: Look | undefined,
) {
  c.header("Cache-Control", "no-store");
  c.header("Vary", "Accept-Language, User-Agent");
  const style = look ? enrollStyle + accentStyle(look) : enrollStyle;
  const images = look && logoSource(look);
  return page(c, title, style, content, {
    language: languageOfRequest(c).code,
    ...(images !== undefined && { images }),
  });
}
