import type { Context } from "hono";
import { html } from "hono/html";
import { deviceAuthorities } from "../../ade/device-authorities.ts";
import type { ErrorDocument } from "../../ade/error-documents.ts";
import { type MachineInfo, readMachineInfo } from "../../ade/machine-info.ts";
import { loadSettings } from "../../admin/settings.ts";
import { fromBase64, utf8 } from "../../base/bytes.ts";
import { log } from "../../base/log.ts";
import type { ComposedProfile } from "../../enrollment/compose-profile.ts";
import { redeemInvitation } from "../../enrollment/invitations.ts";
import { type AdmissionRefusal, admit, turnedAway } from "../../enrollment/provisioned/admit.ts";
import { platformSsoToken } from "../../enrollment/provisioned/platform-sso-token.ts";
import { platformOf } from "../../mdm/platform.ts";
import { longestResume } from "../../sign-in/flow.ts";
import type { Person } from "../../sign-in/person.ts";
import type { AppEnv } from "../app-env.ts";
import { deviceAddress } from "../origin.ts";
import { profileHeaders } from "../profile-answer.ts";
import type { Arrival, CodeArrival } from "../sign-in/arrival.ts";
import { beginSignIn } from "../sign-in/begin.ts";
import { personPage, speakTo } from "../sign-in/pages.ts";
import type { SignInWords } from "../sign-in/words/sign-in-words.ts";
import { backToDevice } from "./account/sign-in.ts";

/**
 * A person signs in on a device in Setup Assistant: in the web view of a profile with `configuration_web_url`, and for
 * Platform SSO. The sign-in is the one of `http/sign-in`; what the device said of itself travels with it, sealed.
 * https://developer.apple.com/documentation/devicemanagement/authenticating-through-web-views
 */
const largestHeader = 16 * 1024;

/** Only the first request has the device's words with it. */
export async function beginInSetup(c: Context<AppEnv>): Promise<Response> {
  const header = c.req.header("x-apple-aspen-deviceinfo") ?? "";
  const bytes = header.length > largestHeader ? undefined : fromBase64(header);
  if (!bytes?.length) return sorry(c, 400, "notADevice");
  const read = await readMachineInfo(bytes, deviceAuthorities(c.env.DEVICE_AUTHORITIES));
  if (!read.ok) {
    const { reason, detail } = read.refusal;
    log({ event: "enrollment.provisioned_refused", reason, detail });
    return sorry(c, 403, "notApples");
  }
  const machine = read.value;
  const { turned } = await turnedAway(c.env, { machine, ...signedIn }, Date.now());
  if (turned) {
    log({ event: "enrollment.provisioned", serial: machine.SERIAL, outcome: turned.reason });
    // The system acts on this document, also in the web view.
    if (turned.reason === "system-too-old") return c.json(turned.document, 403);
    return sorry(c, 403, saidBy(turned.document));
  }
  const resume = JSON.stringify({ ...machine, PAIRING_TOKEN: undefined });
  if (utf8(resume).length > longestResume) return sorry(c, 400, "tooMuch");
  return beginSignIn(c, { purpose: "setup", resume });
}

/** The device gets the profile that is for it alone, in the name of the person. */
export async function arriveInSetup(c: Context<AppEnv>, { person, resume }: Arrival): Promise<Response> {
  const now = Date.now();
  const { organization } = await loadSettings(c.env, now);
  const admitted = await admit(
    c.env,
    {
      machine: machineIn(resume),
      ...signedIn,
      account: person.account ?? undefined,
      address: deviceAddress(c),
      organization,
    },
    now,
  );
  return admitted.ok ? give(c, admitted.value) : notAdmitted(c, admitted.refusal);
}

/** An invitation may be for one device alone, and its use counts once, also when the device asks again. */
export async function redeemInSetup(
  c: Context<AppEnv>,
  { code, resume, askAgain }: CodeArrival,
): Promise<Response> {
  const now = Date.now();
  const machine = machineIn(resume);
  const { turned, device } = await turnedAway(c.env, { machine, ...signedIn }, now);
  if (turned) return sorry(c, 403, saidBy(turned.document));
  const { organization } = await loadSettings(c.env, now);
  const { SERIAL: serial, UDID: udid, PRODUCT: productName, OS_VERSION: osVersion } = machine;
  const redeemed = await redeemInvitation(
    c.env,
    code,
    {
      kind: "ade",
      issuedFor: { serial, udid, ...(device && { replaces: true as const }) },
      address: deviceAddress(c),
      organization,
      platform: platformOf([productName]),
      productName,
      osVersion,
    },
    now,
  );
  const outcome = redeemed.ok ? "admitted" : redeemed.refusal.reason;
  log({ event: "enrollment.provisioned", serial, udid, outcome });
  if (redeemed.ok) return give(c, redeemed.value);
  return isEnded(redeemed.refusal.reason) ? askAgain() : sorry(c, 503, "notReady");
}

/** Platform SSO: the person signs in before the Mac asks for its profile. */
export const beginPlatformSso = (c: Context<AppEnv>): Promise<Response> =>
  beginSignIn(c, { purpose: "platform-sso", resume: "" });

export async function arriveForPlatformSso(c: Context<AppEnv>, { person }: Arrival): Promise<Response> {
  const token = await platformSsoToken(c.env, whoIs(person), Date.now());
  return backToDevice(c, `apple-remotemanagement-user-login://authentication-results?access-token=${token}`);
}

const whoIs = ({ account, issuer, subject, name }: Person) => ({ account, issuer, subject, name });

const signedIn = { by: "web", isSignedIn: true } as const;

const machineIn = (resume: string): MachineInfo => ({
  ...(JSON.parse(resume) as Omit<MachineInfo, "PAIRING_TOKEN">),
  PAIRING_TOKEN: undefined,
});

const give = (c: Context<AppEnv>, { profile, warning }: ComposedProfile): Response =>
  c.body(profile, 200, profileHeaders({ warning }));

function notAdmitted(c: Context<AppEnv>, refusal: AdmissionRefusal): Response | Promise<Response> {
  if (refusal.kind === "turned") return sorry(c, 403, saidBy(refusal.document));
  const { reason, detail } = refusal.refusal;
  log({ event: "enrollment.provisioned_refused", reason, detail });
  return reason === "cannot-attest" ? sorry(c, 403, "notHere") : sorry(c, 503, "notReady");
}

const isEnded = (reason: string): boolean => ["unknown", "expired", "used-up", "revoked"].includes(reason);

type Sorry = keyof SignInWords["setup"];

/** The document is for the system; a person reads a page. */
const told: Readonly<Record<string, Sorry>> = {
  "edgemdm.unknown-device": "unknownDevice",
  "edgemdm.watch-pairing": "unpairedWatch",
};

const saidBy = ({ code }: ErrorDocument): Sorry => told[code] ?? "notHere";

async function sorry(c: Context<AppEnv>, status: 400 | 403 | 503, why: Sorry): Promise<Response> {
  const { words, language } = await speakTo(c);
  const own = words.setup;
  c.status(status);
  return personPage(c, own.title, html`<main><h1>${own.heading}</h1><p>${own[why]}</p></main>`, { language });
}
