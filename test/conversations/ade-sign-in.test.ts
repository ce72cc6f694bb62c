import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { grantByWeb } from "../../src/enrollment/account/grants.ts";
import { origin } from "../support/admin.ts";
import {
  type AppleDevice,
  type FactoryIdentity,
  factoryIdentity,
  machineInfo,
  strangeRoot,
} from "../support/apple-device.ts";
import { newDevice } from "../support/fleet.ts";
import { invitation } from "../support/invitations.ts";
import { type Page, Person } from "../support/person.ts";
import { post, prepare, provisionedDevice } from "../support/provisioned.ts";
import { deviceInfo, forgetProviders, WebView, withProvider } from "../support/setup-sign-in.ts";

// A person signs in on a device in Setup Assistant: device-info, sign-in, profile, enrolled.

const profile = { configuration_web_url: `${origin}/enroll/ade/web` };
beforeEach(async () => {
  await prepare();
  await forgetProviders();
});

const openIn = (view: Person, device: AppleDevice, factory: FactoryIdentity): Promise<Page> =>
  view.open("/enroll/ade/web", deviceInfo(machineInfo(device, factory)));

const proven = async ({ id }: { id: string }) => (await env.DEVICE.getByName(id).describe())?.proven;

const stateIn = ({ text }: Page) => /name="state" value="([^"]+)"/.exec(text)?.[1] ?? "";
const sendCode = (view: Person, state: string, code: string) => view.submit("/sign-in/code", { state, code });

describe("with a provider", () => {
  test("the person signs in, the device enrolls with what it gets, and is known to be the person's", async () => {
    const fake = await withProvider();
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const view = new WebView(fake);

    const page = await openIn(view, device, factory);

    expect(page.status, page.text).toBe(200);
    expect(page.headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    expect(new URL(page.url).origin).toBe(origin);
    expect(fake.seen).toContain("GET /authorize");
    await device.enroll({ profile: page.bytes });
    expect(await proven(device)).toMatchObject({ serial_number: "challenge", account: "anna@example.com" });
  });

  test("the profile is for the device that was shown: no other enrolls with it", async () => {
    const fake = await withProvider();
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const page = await openIn(new WebView(fake), device, factory);

    const thief = newDevice("iphone");
    await expect(thief.enroll({ profile: page.bytes, freshKey: true })).rejects.toThrow();
  });

  test("a person of another domain gets a page that says so, and may try again", async () => {
    const fake = await withProvider();
    fake.account = { sub: "u-9", email: "eve@elsewhere.example", email_verified: true };
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const view = new WebView(fake);

    const refused = await openIn(view, device, factory);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("This account is not for this organization");

    fake.account = { sub: "u-1", email: "anna@example.com", email_verified: true };
    const again = /href="(\/sign-in\/again[^"]+)"/.exec(refused.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await view.open(again)).headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
  });

  test("a code of an invitation leads around it nowhere", async () => {
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const state = stateIn(await openIn(new WebView(), device, factory));
    const fake = await withProvider();

    const { code } = await invitation({ user: "jo@example.com" });
    expect((await sendCode(new WebView(fake), state, code)).status).toBe(400);
  });

  test("a device that Apple reassigned while its person signed in is turned away", async () => {
    const fake = await withProvider();
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const view = new WebView(fake);
    view.meanwhile = () =>
      env.DB.prepare("DELETE FROM ade_devices WHERE serial = ?").bind(device.hardware.serialNumber).run();

    const refused = await openIn(view, device, factory);

    expect(refused.status).toBe(403);
    expect(refused.text).toContain("not assigned to this server");
  });
});

describe("without a provider", () => {
  test("the code of an invitation does, and its use counts once", async () => {
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const view = new WebView();
    const state = stateIn(await openIn(view, device, factory));
    const { code } = await invitation({ user: "jo@example.com", max_uses: 1 });

    expect((await sendCode(view, state, "wrong")).status).toBe(403);
    const answer = await sendCode(view, state, code);
    expect(answer.headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    // The device lost the answer.
    const again = await sendCode(view, state, code);
    expect(again.status).toBe(200);

    await device.enroll({ profile: again.bytes });
    expect(await proven(device)).toMatchObject({ account: "jo@example.com" });
  });

  test("no invitation for another device, and no state that is not ours", async () => {
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const view = new WebView();
    const state = stateIn(await openIn(view, device, factory));
    const { code } = await invitation({});

    const other = await invitation({ serial: "OTHER1234567" });
    expect((await sendCode(view, state, other.code)).status).toBe(403);
    expect((await sendCode(view, `${state}AA`, code)).status).toBe(400);
    expect((await sendCode(view, "", code)).status).toBe(400);
  });
});

describe("around the sign-in", () => {
  test("no way leads: the plain request of such a device is refused", async () => {
    const { device, factory } = await provisionedDevice("iphone", { profile });

    const refused = await post(machineInfo(device, factory));

    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "edgemdm.sign-in-required" });
  });

  test("no sign-in of another kind is let off its cookie", async () => {
    const fake = await withProvider();

    expect((await new WebView(fake).open("/me")).text).toContain("This sign-in began somewhere else");
    expect((await new Person(fake).open("/me")).status).toBe(200);
  });

  test.each([
    ["no words of a device", {}, 400],
    ["words that are not base64", { "x-apple-aspen-deviceinfo": "!!" }, 400],
    ["too many words", { "x-apple-aspen-deviceinfo": "A".repeat(16_400) }, 400],
  ])("%s: there is no page", async (_, headers, status) => {
    const fake = await withProvider();

    expect((await new WebView(fake).open("/enroll/ade/web", headers)).status).toBe(status);
    expect(fake.seen).not.toContain("GET /authorize");
  });

  test("words under another root, or of a device that says more than fits, begin no sign-in", async () => {
    const fake = await withProvider();
    const { device, factory } = await provisionedDevice("iphone", { profile });
    const strange = await factoryIdentity(device.hardware.serialNumber, Date.now(), await strangeRoot());

    expect((await openIn(new WebView(fake), device, strange)).status).toBe(403);
    const talkative = deviceInfo(machineInfo(device, factory, { LANGUAGE: "x".repeat(2_000) }));
    expect((await new WebView(fake).open("/enroll/ade/web", talkative)).status).toBe(400);
    expect(fake.seen).not.toContain("GET /authorize");
  });
});

describe("a Mac that can find Platform SSO", () => {
  const sso = {
    ProfileURL: "https://mdm.example.com/sso.mobileconfig",
    AuthURL: `${origin}/enroll/ade/sign-in`,
    Package: { ManifestURL: "https://mdm.example.com/sso.plist" },
  };
  const tokenIn = ({ headers }: Page) => {
    const location = headers.get("Location") ?? "";
    expect(location).toMatch(/^apple-remotemanagement-user-login:\/\/authentication-results\?access-token=/);
    return location.split("access-token=")[1] ?? "";
  };
  const macWithSso = async () => {
    await patchSettings(env, { ade_platform_sso: sso }, Date.now());
    return provisionedDevice("mac");
  };

  test("has its person sign in first, and comes again with what that gave", async () => {
    const fake = await withProvider();
    const { device, factory } = await macWithSso();

    const refused = await post(machineInfo(device, factory, { MDM_CAN_REQUEST_PSSO_CONFIG: true }));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "com.apple.psso.required", details: sso });

    const signedIn = await new WebView(fake).open("/enroll/ade/sign-in");
    expect(signedIn.status).toBe(308);
    const answer = await post(machineInfo(device, factory), { Authorization: `Bearer ${tokenIn(signedIn)}` });

    expect(answer.status).toBe(200);
    await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
    expect(await proven(device)).toMatchObject({ account: "anna@example.com" });
  });

  test("has a token for itself alone: it may ask again until it has enrolled, and no other may ask", async () => {
    const fake = await withProvider();
    const { device, factory } = await macWithSso();
    const other = await provisionedDevice("mac");
    const info = { MDM_CAN_REQUEST_PSSO_CONFIG: true };
    const token = tokenIn(await new WebView(fake).open("/enroll/ade/sign-in"));
    const ask = (one: typeof other, shown = token) =>
      post(machineInfo(one.device, one.factory, info), { Authorization: `Bearer ${shown}` });
    const challengeIn = (profile: Uint8Array): string | undefined =>
      /<key>Challenge<\/key>\s*<string>([^<]+)/.exec(Buffer.from(profile).toString("latin1"))?.[1];

    const answers = [await ask({ device, factory }), await ask({ device, factory })];

    const profiles = await Promise.all(answers.map(async (one) => new Uint8Array(await one.arrayBuffer())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [profile = new Uint8Array(), again = new Uint8Array()] = profiles;
    expect(challengeIn(profile)).toBeDefined();
    expect(challengeIn(again)).toBe(challengeIn(profile));
    const stolen = await ask(other);
    expect(stolen.status).toBe(403);
    expect(await stolen.json()).toMatchObject({ code: "com.apple.psso.required" });

    await device.enroll({ profile });

    expect((await ask({ device, factory })).status).toBe(403);
    const next = tokenIn(await new WebView(fake).open("/enroll/ade/sign-in"));
    expect((await ask(other, next)).status).toBe(200);
  });

  test("shows no token that is expired, or that an enrolled device shows", async () => {
    const fake = await withProvider();
    const { device, factory } = await macWithSso();
    const info = { MDM_CAN_REQUEST_PSSO_CONFIG: true };
    const ask = (shown: string) =>
      post(machineInfo(device, factory, info), { Authorization: `Bearer ${shown}` });
    const token = tokenIn(await new WebView(fake).open("/enroll/ade/sign-in"));
    const who = { account: "anna@example.com", issuer: "i", subject: "s", name: null };
    expect((await ask(await grantByWeb(env, who, undefined, Date.now()))).status).toBe(403);

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61 * 60_000 });
    onTestFinished(() => void vi.useRealTimers());

    expect((await ask(token)).status).toBe(403);
  });

  test("takes the code of an invitation where there is no provider, once", async () => {
    const { device, factory } = await macWithSso();
    const view = new WebView();
    const state = stateIn(await view.open("/enroll/ade/sign-in"));
    const { code } = await invitation({ user: "jo@example.com", max_uses: 1 });

    const token = tokenIn(await sendCode(view, state, code));
    expect((await sendCode(view, state, code)).status).toBe(403);

    const info = { MDM_CAN_REQUEST_PSSO_CONFIG: true };
    expect(
      (await post(machineInfo(device, factory, info), { Authorization: `Bearer ${token}` })).status,
    ).toBe(200);
    expect(
      (await post(machineInfo(device, factory, info), { Authorization: `Bearer ${token}x` })).status,
    ).toBe(403);
  });
});
