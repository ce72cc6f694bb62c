import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { deviceAuthorities } from "../../ade/device-authorities.ts";
import { readMachineInfo } from "../../ade/machine-info.ts";
import { loadSettings } from "../../admin/settings.ts";
import { fromBase64 } from "../../base/bytes.ts";
import { log } from "../../base/log.ts";
import { redeemInvitation, spendInvitation } from "../../enrollment/invitations.ts";
import { turnedAway } from "../../enrollment/provisioned/admit.ts";
import { openPassage, type Passage, sealPassage } from "../../enrollment/provisioned/sealed-state.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";
import { deviceAddress } from "../origin.ts";
import { page } from "../page.ts";
import { profileHeaders } from "../profile-answer.ts";

/**
 * The pages that a person sees in Setup Assistant: of a profile with `configuration_web_url`, and of Platform SSO. Who has
 * an invitation may go on. What is known of the device goes along in the form, sealed.
 * https://developer.apple.com/documentation/devicemanagement/authenticating-through-web-views
 */
const largestHeader = 16 * 1024;
const largestForm = 32 * 1024;
const authenticated = "apple-remotemanagement-user-login://authentication-results?access-token=";

export const adeWeb = new Hono<AppEnv>();

/** The first page alone has the device's words with it. */
adeWeb.get("/enroll/ade/web", async (c) => {
  const now = Date.now();
  const header = c.req.header("x-apple-aspen-deviceinfo") ?? "";
  const bytes = header.length > largestHeader ? undefined : fromBase64(header);
  if (!bytes?.length) return sorry(c, 400, "This page is opened by a device that is being set up.");
  const read = await readMachineInfo(bytes, deviceAuthorities(c.env.DEVICE_AUTHORITIES));
  if (!read.ok) {
    const { reason, detail } = read.refusal;
    log({ event: "enrollment.provisioned_refused", reason, detail });
    return sorry(c, 403, "This device could not show that it is one of Apple's.");
  }
  const machine = read.value;
  const { turned } = await turnedAway(c.env, { machine, by: "web", isSignedIn: true }, now);
  if (turned) {
    log({ event: "enrollment.provisioned", serial: machine.SERIAL, outcome: turned.reason });
    // The system acts by it, also here.
    if (turned.reason === "system-too-old") return c.json(turned.document, 403);
    return sorry(c, 403, turned.document.message ?? "This device cannot be set up here.");
  }
  const state = await sealPassage(c.env, "sign-in", { machine, account: undefined }, now);
  return ask(c, "sign-in", state);
});

adeWeb.post("/enroll/ade/web", async (c) => {
  const now = Date.now();
  const form = await readForm(c.req.raw, largestForm);
  const [state, code] = [form?.get("state") ?? "", form?.get("code")?.trim() ?? ""];
  const opened = await openPassage(c.env, "sign-in", state, now);
  if (opened?.machine === undefined) return sorry(c, 403, "This took too long. Start the set-up once more.");
  const { machine } = opened;
  const { turned, device } = await turnedAway(c.env, { machine, by: "web", isSignedIn: true }, now);
  if (turned) return sorry(c, 403, turned.document.message ?? "This device cannot be set up here.");
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
  log({
    event: "enrollment.provisioned",
    serial,
    udid,
    outcome: redeemed.ok ? "admitted" : redeemed.refusal.reason,
  });
  if (redeemed.ok)
    return c.body(redeemed.value.profile, 200, profileHeaders({ warning: redeemed.value.warning }));
  if (isEnded(redeemed.refusal.reason)) return ask(c, "sign-in", state, true);
  return sorry(c, 503, "This server cannot enroll devices yet. Tell whoever looks after it.");
});

/** Platform SSO: the person signs in before the Mac asks for its profile. */
adeWeb.get("/enroll/ade/sign-in", (c) => ask(c, "platform-sso", ""));

adeWeb.post("/enroll/ade/sign-in", async (c) => {
  const now = Date.now();
  const code = (await readForm(c.req.raw, largestForm))?.get("code")?.trim() ?? "";
  const spent = await spendInvitation(c.env, code, now);
  if (!spent.ok) return ask(c, "platform-sso", "", true);
  const account = spent.value.account ?? undefined;
  const token = await sealPassage(c.env, "platform-sso", { machine: undefined, account }, now);
  return c.body(null, 308, { Location: authenticated + token, "Cache-Control": "no-store" });
});

const isEnded = (reason: string): boolean => ["unknown", "expired", "used-up", "revoked"].includes(reason);

async function ask(c: Context<AppEnv>, passage: Passage, state: string, isWrong = false): Promise<Response> {
  const { organization } = await loadSettings(c.env, Date.now());
  if (isWrong) c.status(403);
  c.header("Cache-Control", "no-store");
  const action = passage === "sign-in" ? "/enroll/ade/web" : "/enroll/ade/sign-in";
  return page(
    c,
    `Set up with ${organization}`,
    style,
    html`<h1>${organization}</h1>
<p>This device is set up by your organization. Enter the code that you were given.</p>
${isWrong ? html`<p class="wrong" role="alert">This code is not known, or it was used already.</p>` : ""}
<form method="post" action="${action}">
<input type="hidden" name="state" value="${state}">
<label>Code <input name="code" autocomplete="one-time-code" autocapitalize="none" required maxlength="100"></label>
<button>Continue</button>
</form>`,
    { forms: "'self'" },
  );
}

function sorry(c: Context<AppEnv>, status: 400 | 403 | 503, text: string): Response | Promise<Response> {
  c.status(status);
  c.header("Cache-Control", "no-store");
  return page(c, "Set-up", style, html`<h1>This did not work</h1><p>${text}</p>`);
}

const style = `
label { display: block; margin: 1rem 0 }
input[name=code] { font: inherit; display: block; width: 100%; padding: 0.5rem; border: 1px solid var(--line); border-radius: 0.5rem }
button { font: inherit; padding: 0.6rem 1.4rem; border: 0; border-radius: 0.5rem; background: var(--link); color: light-dark(#fff, #141417) }
.wrong { color: light-dark(#b00020, #ff8a8a) }
`;
