import { type Context, Hono } from "hono";
import { deviceAuthorities } from "../../ade/device-authorities.ts";
import { type ErrorDocument, refusedEnrollment } from "../../ade/error-documents.ts";
import { largestMachineInfo, type MachineInfo, readMachineInfo } from "../../ade/machine-info.ts";
import { loadSettings } from "../../admin/settings.ts";
import { log } from "../../base/log.ts";
import { type ComposedProfile, composeProfile } from "../../enrollment/compose-profile.ts";
import { type AdmissionRefusal, admit } from "../../enrollment/provisioned/admit.ts";
import { redeemPlatformSsoToken } from "../../enrollment/provisioned/platform-sso-token.ts";
import { checkWatch } from "../../enrollment/provisioned/watch.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import { logRequestFault } from "../fault.ts";
import { deviceAddress } from "../origin.ts";
import { profileHeaders } from "../profile-answer.ts";
import { trace } from "../trace.ts";
import { retryLater } from "./door.ts";

/**
 * Where Apple sends the devices of an organization at their activation: signed words about the device in, its profile out.
 * https://developer.apple.com/documentation/devicemanagement/machineinfo
 *
 * Never a 401, which a device takes for a question of name and password. What a person can do something about is a 403 with
 * words; a fault of ours is a 503, after which the device offers to try again.
 */
export const ade = new Hono<AppEnv>();

ade.onError((fault, c) => {
  logRequestFault(fault, c);
  return c.body(null, 503, retryLater);
});

ade.post("/enroll/ade", async (c) => {
  const now = Date.now();
  const body = await readBody(c.req.raw, largestMachineInfo);
  if (!body.ok) return c.body(null, 413);
  const read = await readMachineInfo(body.value, deviceAuthorities(c.env.DEVICE_AUTHORITIES));
  if (!read.ok) {
    noteRefusal(c, read.refusal.reason, read.refusal.detail);
    return read.refusal.reason === "unreadable" ? c.body(null, 400) : document(c, notADevice);
  }
  if (platformOf([read.value.PRODUCT]) === "watchos") return watch(c, read.value, now);
  const signedIn = await signedInBy(c, read.value, now);
  const { organization } = await loadSettings(c.env, now);
  const admitted = await admit(
    c.env,
    {
      machine: read.value,
      by: "post",
      isSignedIn: signedIn !== undefined,
      account: signedIn?.account,
      signedIn,
      address: deviceAddress(c),
      organization,
    },
    now,
  );
  return admitted.ok ? profile(c, admitted.value) : refused(c, admitted.refusal);
});

ade.get("/MDMServiceConfig", (c) => {
  const { origin } = deviceAddress(c);
  return c.json({
    dep_enrollment_url: `${origin}/enroll/ade`,
    dep_anchor_certs_url: `${origin}/enroll/ade/anchors`,
  });
});

/** TLS is Cloudflare's, which every device trusts. */
ade.get("/enroll/ade/anchors", (c) => c.json([]));

// For people: what these load is not for the request of a device.
ade.get("/enroll/ade/web", async (c) => (await import("./ade-web.ts")).beginInSetup(c));
ade.get("/enroll/ade/sign-in", async (c) => (await import("./ade-web.ts")).beginPlatformSso(c));

ade.notFound((c) => c.json({ detail: "nothing is here" }, 404));

async function watch(c: Context<AppEnv>, machine: MachineInfo, now: number): Promise<Response> {
  const checked = await checkWatch(c.env, machine, now);
  if (!checked.ok) {
    noteRefusal(c, checked.refusal.reason, machine.SERIAL);
    return document(c, checked.refusal.document);
  }
  const { organization } = await loadSettings(c.env, now);
  const composed = await composeProfile(
    c.env,
    {
      kind: "device",
      issuedFor: { serial: machine.SERIAL, udid: machine.UDID },
      address: deviceAddress(c),
      organization,
      platform: "watchos",
      productName: machine.PRODUCT,
      osVersion: machine.OS_VERSION,
    },
    now,
  );
  return composed.ok
    ? profile(c, composed.value)
    : refused(c, { kind: "not-ready", refusal: composed.refusal });
}

/** Who signed in before the Mac asked for its profile. */
async function signedInBy(c: Context<AppEnv>, { UDID }: MachineInfo, now: number) {
  const [scheme, token] = (c.req.header("Authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) return undefined;
  return redeemPlatformSsoToken(c.env, token, UDID, now);
}

const profile = (c: Context<AppEnv>, { profile, warning }: ComposedProfile): Response =>
  c.body(profile, 200, profileHeaders({ warning }));

function refused(c: Context<AppEnv>, refusal: AdmissionRefusal): Response {
  if (refusal.kind === "turned") return document(c, refusal.document);
  const { reason, detail } = refusal.refusal;
  noteRefusal(c, reason, detail);
  if (reason === "cannot-attest")
    return document(c, refusedEnrollment(reason, "This device cannot prove to be what it says it is."));
  return c.body(null, 503, retryLater);
}

function noteRefusal(c: Context<AppEnv>, reason: string, detail: string): void {
  log({ event: "enrollment.provisioned_refused", reason, detail, request_id: trace(c).requestId });
}

const document = (c: Context<AppEnv>, content: ErrorDocument): Response =>
  c.json(content, 403, { "Cache-Control": "no-store" });

const notADevice = refusedEnrollment(
  "not-signed-by-a-device",
  "This device could not show that it is one of Apple's.",
);
