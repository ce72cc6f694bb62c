import type { Context } from "hono";
import { loadSettings } from "../../../admin/settings.ts";
import { enrollmentSsoDocument } from "../../../assignment/enrollment-sso.ts";
import { log } from "../../../base/log.ts";
import { grantForProfile } from "../../../enrollment/account/grants.ts";
import { composeForGrant } from "../../../enrollment/account/profile.ts";
import {
  type AccountKind,
  accountKinds,
  familyOf,
  isFamily,
  kindFor,
  versions,
} from "../../../enrollment/account/rules.ts";
import type { EnrollmentSettings } from "../../../enrollment/enrollment-setting-values.ts";
import { loadEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import { signProfile } from "../../../enrollment/sign-profile.ts";
import { readMachineSummary } from "../../../mdm/machine-summary.ts";
import { platformOf } from "../../../mdm/platform.ts";
import { splitAccount } from "../../../sign-in/person.ts";
import type { AppEnv } from "../../app-env.ts";
import { readBody } from "../../body.ts";
import { deviceAddress } from "../../origin.ts";
import { profileHeaders } from "../../profile-answer.ts";
import { trace } from "../../trace.ts";
import { askToSignIn } from "../ask-to-sign-in.ts";
import { deviceDoor, retryLater } from "../door.ts";
import { authorize, token } from "./oauth.ts";
import { authorizePath, discoveryPath, enrollPath, ssoPath, tokenPath, webSignInPath } from "./paths.ts";
import { beginByWeb } from "./sign-in.ts";

/**
 * Account-driven enrollment: a person enters an account in Settings, signs in, and the device enrolls in that account.
 * https://developer.apple.com/documentation/devicemanagement/onboarding-users-with-account-sign-in
 *
 * The surprise: the device's first request must be refused with a 401 that tells where to sign in, and the second one is
 * the same with a token.
 */
export const account = deviceDoor();

account.use(async (c, next) => {
  const settings = await loadEnrollmentSettings(c.env, Date.now());
  // A failure, and no page: then devices ask Apple whether the organization registered an address there.
  if (settings.account_driven.enabled !== true)
    return c.json({ code: "not-found", description: "people do not enroll devices by signing in here" }, 404);
  return next();
});

account.get(discoveryPath, async (c) => {
  const { account_driven } = await loadEnrollmentSettings(c.env, Date.now());
  const { "user-identifier": identifier = "", "model-family": family = "" } = c.req.query();
  const [local] = identifier.length <= longestIdentifier ? splitAccount(unicodeLess(identifier)) : [];
  if (local === undefined) return notHere(c, `${JSON.stringify(identifier.slice(0, 100))} is no account`);
  if (!isFamily(family)) return notHere(c, `${JSON.stringify(family.slice(0, 100))} is no family of devices`);
  const kind = kindFor(account_driven.rules ?? [], identifier, family);
  if (kind === "refuse") return notHere(c, `no ${family} enrolls by this account`);
  const url = `${deviceAddress(c).origin}${enrollPath}?kind=${kind}`;
  const answer = { Servers: [{ Version: versions[kind], BaseURL: url }] };
  return c.json(answer, 200, { "Cache-Control": "no-store" });
});

const longestIdentifier = 255;

/** International domains come in letters: what counts is how they are looked up. */
function unicodeLess(identifier: string): string {
  const at = identifier.lastIndexOf("@");
  const host = URL.parse(`https://${identifier.slice(at + 1)}`)?.host;
  return at < 0 || !host ? identifier : `${identifier.slice(0, at)}@${host}`;
}

/** The device shows the message and stops. https://developer.apple.com/documentation/devicemanagement/errorcodewellknownfailed */
async function notHere(c: Context<AppEnv>, why: string): Promise<Response> {
  const { organization } = await loadSettings(c.env, Date.now());
  log({ event: "account.not_here", detail: why, request_id: trace(c).requestId });
  const document = {
    code: "com.apple.well-known.failed",
    description: why,
    message: `${organization} does not enroll this kind of device by this account. Ask the people who look after your devices.`,
  };
  return c.json(document, 403, { "Cache-Control": "no-store" });
}

const largestSummary = 64 * 1024;

account.post(enrollPath, async (c) => {
  const body = await readBody(c.req.raw, largestSummary);
  if (!body.ok) return c.body(null, 413);
  const machine = readMachineSummary(body.value);
  if (machine === undefined) return refuse(c, 400, "the body is no signed property list");
  const shown = /^Bearer ([\w-]{43})$/.exec(c.req.header("Authorization") ?? "")?.[1];
  const wanted = accountKinds.find((one) => one === c.req.query("kind"));
  if (shown === undefined) return askToSignIn(c, wanted);
  const now = Date.now();
  const grant = await grantForProfile(c.env, shown, now);
  if (grant === undefined) return askToSignIn(c, wanted);
  const settings = await loadEnrollmentSettings(c.env, now);
  const product = machine.product ?? "";
  const kind = agreedKind(settings, c.req.query("kind"), grant.account, product);
  if (kind === undefined)
    return refuse(c, 403, `the rules let nobody enroll a ${product} so by ${grant.account}`);
  const { organization } = await loadSettings(c.env, now);
  const order = {
    address: deviceAddress(c),
    organization,
    platform: platformOf([product]),
    productName: product,
  };
  const composed = await composeForGrant(c.env, grant, kind, order, now);
  if (!composed.ok) return refuse(c, 503, `${composed.refusal.reason}: ${composed.refusal.detail}`);
  const { profile, warning } = composed.value;
  return c.body(await signProfile(c.env, profile, now), 200, profileHeaders({ warning }));
});

/** What discovery told the device, if it still is so for the account that really signed in. */
function agreedKind(
  { account_driven }: EnrollmentSettings,
  told: string | undefined,
  account: string,
  product: string,
): AccountKind | undefined {
  const kind = kindFor(account_driven.rules ?? [], account, familyOf(product));
  return accountKinds.find((one) => one === kind && one === told);
}

function refuse(c: Context<AppEnv>, status: 400 | 403 | 503, detail: string): Response {
  log({ event: "account.refused", detail, request_id: trace(c).requestId });
  return c.body(null, status, status === 503 ? retryLater : {});
}

/** For the app that signs people in. What is wrong with it is for the log: a person can do nothing about it. */
account.get(ssoPath, async (c) => {
  const now = Date.now();
  const { account_driven } = await loadEnrollmentSettings(c.env, now);
  if (account_driven.sso === undefined) return c.json({ detail: "no app signs people in here" }, 404);
  const document = await enrollmentSsoDocument(c.env, account_driven.sso, now);
  if (document.ok) return c.json(document.value, 200, { "Cache-Control": "no-store" });
  return refuse(c, 503, `${document.refusal.reason}: ${document.refusal.detail}`);
});

account.get(webSignInPath, beginByWeb);
account.get(authorizePath, authorize);
account.post(tokenPath, token);
