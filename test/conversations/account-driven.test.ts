import { exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { ask, origin } from "../support/admin.ts";
import {
  discoverAt,
  enrollByAccount,
  type Found,
  refresh,
  signInAt,
  summaryOf,
  type Tokens,
} from "../support/apple-device/account.ts";
import { type AppleDevice, declarationsOf, type FlavourName } from "../support/apple-device.ts";
import { libraryProfile, settle } from "../support/assignment.ts";
import { activation, library } from "../support/declarative.ts";
import { clientSecret, providerAtFetch } from "../support/fake-provider/at-fetch.ts";
import type { FakeProvider } from "../support/fake-provider/provider.ts";
import {
  alarmOf,
  give,
  invite,
  newDevice,
  outboxOf,
  stateOf,
  topic,
  transport,
  wipe,
} from "../support/fleet.ts";
import { Person } from "../support/person.ts";

// People enroll devices by signing in to their account: from what they type in Settings to the end of the enrollment.

const account = "anna@example.com";
const discovery = new URL(`${origin}/.well-known/com.apple.remotemanagement`);
let provider: FakeProvider;

const settings = (account_driven: object) =>
  ask("PATCH", "/api/v1/enrollment/settings", { json: { account_driven } });

beforeAll(async () => {
  await invite();
  await ask("PATCH", "/api/v1/enrollment/settings", { json: { mdm: { Topic: topic } } });
});

beforeEach(async () => {
  // Each test has a provider of its own, with keys of its own.
  forgetKeys();
  provider = providerAtFetch();
  const json = {
    kind: "oidc",
    issuer: provider.issuer,
    client_id: "edgemdm",
    client_secret: clientSecret,
    allowed_domains: ["example.com"],
  };
  expect((await ask("PUT", "/api/v1/sign-in/provider", { json })).status).toBe(200);
  await settings({ enabled: true, method: null, sign_in_days: null, rules: null });
});

const find = (family: string, as = account): Promise<Found> => discoverAt(transport, discovery, as, family);

/** The web page that the device opens, and what comes of it. */
async function signIn(url: string): Promise<string> {
  const person = new Person(provider);
  let page = await person.open(url);
  const next = /href="([^"]+)"[^>]*>Continue to sign in/.exec(page.text)?.[1]?.replaceAll("&amp;", "&");
  if (next !== undefined) page = await person.open(next);
  expect(page.status, page.text).toBe(308);
  return page.headers.get("Location") ?? "";
}

async function enrolled(flavour: FlavourName = "iphone"): Promise<{ device: AppleDevice; tokens: Tokens }> {
  const device = newDevice(flavour, { userEnrollment: flavour !== "mac" });
  const found = await find(device.flavour.family);
  return { device, tokens: await enrollByAccount(device, transport, account, found, signIn) };
}

const lookAt = async (device: { id: string }) => (await ask("GET", `/api/v1/devices/${device.id}`)).json;

async function told(device: { id: string }): Promise<void> {
  while ((await outboxOf(device)).length > 0) await alarmOf(device);
}

async function answersCommand(device: AppleDevice): Promise<string | undefined> {
  const uuid = await give(device, "ProfileList");
  await device.converse();
  return stateOf(device, uuid);
}

const later = (ms: number): void => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
  onTestFinished(() => void vi.useRealTimers());
};

/** What the person does when the device was told to sign in. */
async function signInAgain(device: AppleDevice, header: string | null): Promise<Tokens> {
  const tokens = await signInAt(transport, header, account, signIn);
  device.line.accessToken = tokens.access;
  device.line.mustSignIn = false;
  return tokens;
}

test("a phone of its owner enrolls by the owner's sign-in, obeys, and says goodbye", async () => {
  const { device } = await enrolled();

  expect(device.line.managed).toMatchObject({ enrollmentMode: "BYOD", managedAppleId: account });
  expect(await answersCommand(device)).toBe("acknowledged");
  await told(device);
  expect(await lookAt(device)).toMatchObject({
    kind: "user",
    state: "enrolled",
    serial: null,
    sign_in: { account },
  });

  await device.checkOut();

  await told(device);
  expect((await lookAt(device)).state).toBe("unenrolled");
});

test("the person reads first what the organization can and cannot see, and may read it again afterwards", async () => {
  const first = await new Person(provider).open(`${origin}/enroll/account/sign-in?kind=user`);
  expect(first.text).toContain("cannot see");
  expect(first.text).toContain("your mail, messages, photos");
  expect(provider.seen).not.toContain("GET /authorize");

  const { device } = await enrolled();
  await told(device);

  const me = await new Person(provider).open("/me");
  expect(me.text).toContain("Yours, used for work");
  expect(me.text).toContain("your mail, messages, photos");
  provider.account = { sub: "u-2", email: "bob@example.com", email_verified: true };
  expect((await new Person(provider).open("/me")).text).not.toContain("Yours, used for work");
});

test("a Mac enrolls as the organization's, with its user", async () => {
  const { device } = await enrolled("mac");

  expect(device.line.managed.enrollmentMode).toBe("ADDE");
  expect(await answersCommand(device)).toBe("acknowledged");
  await told(device);
  expect(await lookAt(device)).toMatchObject({ kind: "account_device", state: "enrolled" });
});

test("the rules say who enrolls how, and what discovery told holds for whoever really signs in", async () => {
  await settings({
    rules: [
      { account: "@guests.example.com", kind: "refuse" },
      { account, family: "iPad", kind: "account_device" },
    ],
  });

  expect((await find("iPad")).version).toBe("mdm-adde");
  expect((await find("iPad", "other@example.com")).version).toBe("mdm-byod");
  expect((await find("iPhone")).version).toBe("mdm-byod");
  await expect(find("Mac", "x@guests.example.com")).rejects.toThrow("com.apple.well-known.failed");
  // Somebody typed another account than the one that signs in.
  const ipad = newDevice("ipad", { userEnrollment: true });
  const foundByOther = await find("iPad", "other@example.com");
  await expect(enrollByAccount(ipad, transport, account, foundByOther, signIn)).rejects.toThrow(
    "answered 403",
  );
});

describe("discovery", () => {
  const asked = (query: string) => transport(new Request(`${discovery}?${query}`));

  test.each([
    "",
    "user-identifier=anna",
    "user-identifier=@example.com&model-family=iPhone",
    "user-identifier=anna@&model-family=iPhone",
    `user-identifier=${"a".repeat(2048)}@example.com&model-family=iPhone`,
    "user-identifier=anna@example.com",
    "user-identifier=anna@example.com&model-family=Toaster",
    "user-identifier=anna@example.com&model-family=AppleTV",
    "user-identifier=anna%0d%0a@example.com&model-family=iPhone",
  ])("%s ends with a word to the person", async (query) => {
    const answer = await asked(query);

    expect(answer.status).toBe(403);
    const document = (await answer.json()) as { code: string; message: string };
    expect(document.code).toBe("com.apple.well-known.failed");
    expect(document.message).not.toBe("");
  });

  test.each(["anna@b\u00fccher.example", "anna@home@example.com", "ANNA@EXAMPLE.COM"])(
    "%s is an account",
    async (identifier) => {
      const query = new URLSearchParams({ "user-identifier": identifier, "model-family": "iPhone" });

      expect((await asked(query.toString())).status).toBe(200);
    },
  );

  test("where it is not switched on there is a failure that lets devices ask Apple", async () => {
    await settings({ enabled: null });

    const answer = await asked("user-identifier=anna@example.com&model-family=iPhone");

    expect(answer.status).toBe(404);
    expect(answer.headers.get("Content-Type")).toContain("application/json");
  });
});

describe("tokens", () => {
  const fetchProfile = async (token: string | undefined, body?: Uint8Array<ArrayBuffer>, kind = "user") =>
    transport(
      new Request(`${origin}/enroll/account?kind=${kind}`, {
        method: "POST",
        body: body ?? (await summaryOf(newDevice("iphone"))),
        ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
      }),
    );

  async function freshToken(): Promise<string> {
    const first = await fetchProfile(undefined);
    expect(await first.text()).toBe("");
    const header = first.headers.get("WWW-Authenticate");
    expect(header).toBe(`Bearer method="apple-as-web", url="${origin}/enroll/account/sign-in?kind=user"`);
    return (await signInAt(transport, header, account, signIn)).access;
  }

  const challengeIn = (profile: string): string | undefined =>
    /<key>Challenge<\/key>\s*<string>([^<]+)/.exec(profile)?.[1];

  test("the profile may be fetched again for an hour, with the same challenge, until a device has enrolled", async () => {
    const token = await freshToken();
    const [one, two] = [await fetchProfile(token), await fetchProfile(token)];
    const texts = [await one.text(), await two.text()];
    expect(challengeIn(texts[0] ?? "")).toBeDefined();
    expect(challengeIn(texts[0] ?? "")).toBe(challengeIn(texts[1] ?? ""));

    const { device, tokens } = await enrolled();

    expect((await fetchProfile(tokens.access)).status).toBe(401);
    expect(device.isEnrolled).toBe(true);
    later(61 * 60_000);
    expect((await fetchProfile(token)).status).toBe(401);
  });

  test("a token brings no other kind of profile than the rules give its account", async () => {
    const token = await freshToken();

    expect((await fetchProfile(token, undefined, "account_device")).status).toBe(403);
    expect((await fetchProfile(token, undefined, "ade")).status).toBe(403);
  });

  test.each(["", "x", "A".repeat(43), "A".repeat(4_000)])(
    "the token %s is answered like none",
    async (token) => {
      expect((await fetchProfile(token)).status).toBe(401);
    },
  );

  test("what is no signed property list is refused without a word of signing in", async () => {
    for (const body of [new Uint8Array(), utf8("<plist/>"), new Uint8Array(5_000)])
      expect((await fetchProfile(undefined, body)).status).toBe(400);
    expect((await fetchProfile(undefined, new Uint8Array(70_000))).status).toBe(413);
  });

  test("an enrollment needs the token that its profile was fetched with", async () => {
    const token = await freshToken();
    const profile = new Uint8Array(await (await fetchProfile(token)).arrayBuffer());
    const other = await freshToken();

    for (const accessToken of [undefined, "A".repeat(43), other]) {
      const thief = newDevice("iphone", { userEnrollment: true });
      await expect(
        thief.enroll({ profile, ...(accessToken !== undefined && { accessToken }) }),
      ).rejects.toThrow();
    }
  });

  test("nothing is given to a device that shows no token, another device's, or one of before", async () => {
    const { device, tokens } = await enrolled();
    const { tokens: others } = await enrolled();
    const uuid = await give(device, "ProfileList");
    // Without any token: a real device has one for as long as it is enrolled.
    for (const token of ["", others.access, "A".repeat(43)]) {
      device.line.accessToken = token;
      const answer = await device.idle();
      expect(answer.status).toBe(401);
      expect(answer.body.length).toBe(0);
    }
    expect(await stateOf(device, uuid)).toBe("queued");

    device.line.accessToken = tokens.access;

    await device.converse();
    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });
});

describe("signing in again", () => {
  test("an administrator demands it: nothing is given until the same person has, and what was taken back stays so", async () => {
    const { device, tokens } = await enrolled();
    const uuid = await give(device, "ProfileList");
    const asked = await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    expect(asked.status, asked.text).toBe(204);

    const refused = await device.idle();
    expect(refused.status).toBe(401);
    expect(device.line.mustSignIn).toBe(true);
    expect(device.isEnrolled).toBe(true);
    const header = refused.headers.get("WWW-Authenticate");
    provider.account = { sub: "u-2", email: "bob@example.com", email_verified: true };
    await signInAgain(device, header);
    expect((await device.idle()).status).toBe(401);

    provider.account = { sub: "u-1", email: account, email_verified: true };
    await signInAgain(device, header);

    await device.converse();
    expect(await stateOf(device, uuid)).toBe("acknowledged");
    device.line.accessToken = tokens.access;
    expect((await device.idle()).status).toBe(401);
  });

  const providerSaysNo = async (sub: string): Promise<number> => {
    const body = new URLSearchParams({ logout_token: await provider.logoutToken(sub) });
    const method = "POST";
    return (await exports.default.fetch(`${origin}/sign-in/backchannel-logout`, { method, body })).status;
  };

  test("the provider signed the person out: the devices of that person ask, and no other one's", async () => {
    const [phone, mac] = [(await enrolled()).device, (await enrolled("mac")).device];
    provider.account = { sub: "u-1b", email: account, email_verified: true };
    const other = (await enrolled()).device;

    expect(await providerSaysNo("u-1")).toBe(200);

    const refused = await phone.idle();
    expect([refused.status, (await mac.idle()).status, (await other.idle()).status]).toEqual([401, 401, 200]);
    expect(phone.isEnrolled).toBe(true);
    provider.account = { sub: "u-1", email: account, email_verified: true };
    await signInAgain(phone, refused.headers.get("WWW-Authenticate"));
    expect(await answersCommand(phone)).toBe("acknowledged");
  });

  test("a device that somebody else has signed in on since does not ask for the one before", async () => {
    const { device } = await enrolled();
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    provider.account = { sub: "u-1b", email: account, email_verified: true };
    await signInAgain(device, (await device.idle()).headers.get("WWW-Authenticate"));
    expect((await device.idle()).status).toBe(200);

    expect(await providerSaysNo("u-1")).toBe(200);

    expect((await device.idle()).status).toBe(200);
  });

  test("a sign-in that no device has taken is void after the provider signed the person out", async () => {
    const device = newDevice("iphone", { userEnrollment: true });
    const found = await find(device.flavour.family);
    const signInAndOut = async (url: string): Promise<string> => {
      const back = await signIn(url);
      expect(await providerSaysNo("u-1")).toBe(200);
      return back;
    };

    await expect(enrollByAccount(device, transport, account, found, signInAndOut)).rejects.toThrow();
  });

  test("after as many days as the settings say, and not before", async () => {
    await settings({ sign_in_days: 30 });
    const { device } = await enrolled();
    later(29 * 86_400_000);
    expect((await device.idle()).status).toBe(200);
    later(2 * 86_400_000);

    const refused = await device.idle();

    expect(refused.status).toBe(401);
    await signInAgain(device, refused.headers.get("WWW-Authenticate"));
    expect(await answersCommand(device)).toBe("acknowledged");
  });

  test("a device may say goodbye without signing in", async () => {
    const { device } = await enrolled();
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);

    expect((await device.checkOut())?.status).toBe(200);
  });

  test("an enrollment that an administrator ended ends without a sign-in", async () => {
    const { device } = await enrolled();
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    await ask("POST", `/api/v1/devices/${device.id}/unenroll`, { json: { method: "answer" } });

    expect((await device.idle()).status).toBe(403);
    expect(device.isEnrolled).toBe(false);
  });

  test("a renewed identity goes with the same token", async () => {
    const { device } = await enrolled();
    await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
    await alarmOf(device);
    await device.converse();

    expect(await answersCommand(device)).toBe("acknowledged");
  });
});

describe("a device whose object was lost", () => {
  async function lost(): Promise<{ device: AppleDevice; tokens: Tokens }> {
    const one = await enrolled();
    await told(one.device);
    await wipe(one.device);
    return one;
  }

  test("goes on with the token that it has, and with no other and none", async () => {
    const { device, tokens } = await lost();
    const { tokens: others } = await enrolled();

    for (const token of ["", others.access, "A".repeat(43)]) {
      device.line.accessToken = token;
      expect((await device.idle()).status).toBe(401);
    }
    device.line.accessToken = tokens.access;

    expect(await answersCommand(device)).toBe("acknowledged");
    await told(device);
    expect(await lookAt(device)).toMatchObject({ state: "enrolled", sign_in: { account } });
    device.line.accessToken = "";
    expect((await device.idle()).status).toBe(401);
  });

  test("does not come back with what an administrator took back: the person signs in again", async () => {
    const { device } = await enrolled();
    await told(device);
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    await told(device);
    await wipe(device);

    const refused = await device.idle();

    expect(refused.status).toBe(401);
    await signInAgain(device, refused.headers.get("WWW-Authenticate"));
    expect(await answersCommand(device)).toBe("acknowledged");
  });

  test("is never asked to sign in if it enrolled in another way", async () => {
    const phone = newDevice("iphone", { userEnrollment: true });
    await phone.enroll(await invite());
    await told(phone);
    await wipe(phone);

    expect(await answersCommand(phone)).toBe("acknowledged");
  });
});

describe("an app that signs people in (Enrollment SSO)", () => {
  const configuration = {
    identifier: "com.example.sso",
    type: "com.apple.configuration.management.test",
    payload: { Echo: "sso" },
  };
  const sso = {
    app: 1234567890,
    associated_domains: ["login.example.com"],
    declarations: ["com.example.sso", "com.example.sso.on"],
  };
  const ssoDocument = () => transport(new Request(`${origin}/enroll/account/sso`));

  beforeEach(async () => {
    await library(configuration, activation("com.example.sso.on", ["com.example.sso"]));
    expect((await settings({ sso })).status).toBe(200);
    onTestFinished(async () => void (await settings({ sso: null })));
  });

  test("is told before the sign-in, and its declarations are the device's from the first synchronisation on", async () => {
    const { baseUrl } = await find("iPhone");
    const first = await transport(
      new Request(baseUrl, { method: "POST", body: await summaryOf(newDevice("iphone")) }),
    );
    expect(first.status).toBe(401);
    expect(first.headers.get("X-Apple-MDM-ESSO")).toBe(`${origin}/enroll/account/sso`);
    const told = (await (await ssoDocument()).json()) as Record<string, unknown>;
    expect(told).toMatchObject({ iTunesStoreID: 1234567890, AssociatedDomains: ["login.example.com"] });
    const before = (told.Declarations as string[]).map((one) => JSON.parse(atob(one)));

    const { device } = await enrolled();
    await settle(device);
    await device.converse();

    const kept = declarationsOf(device).kept;
    expect(before).toHaveLength(2);
    for (const declaration of before) expect(kept.get(declaration.Identifier)).toEqual(declaration);
  });

  test("is no part of signing in again, and of no device that enrolled in another way", async () => {
    const { device } = await enrolled();
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    expect((await device.idle()).headers.get("X-Apple-MDM-ESSO")).toBeNull();

    const phone = newDevice("iphone");
    await phone.enroll(await invite());
    await settle(phone);
    await phone.converse();
    expect([...declarationsOf(phone).kept.keys()]).not.toContain("com.example.sso");
  });

  test("gives away nothing that depends on a device, and no profile of another kind", async () => {
    await libraryProfile("com.example.wifi");
    await settings({ sso: { app: 1, profile: "com.example.wifi" } });
    expect((await ssoDocument()).status).toBe(503);
    await libraryProfile("com.example.extension", { payloadType: "com.apple.extensiblesso" });
    await settings({ sso: { app: 1, profile: "com.example.extension" } });
    expect(await (await ssoDocument()).json()).toMatchObject({ ConfigurationProfile: expect.any(String) });
    await library({ ...configuration, payload: { Echo: "{{device.id}}" } });
    await settings({ sso: { app: 1, declarations: ["com.example.sso"] } });
    expect((await ssoDocument()).status).toBe(503);
    await settings({ sso: null });
    expect((await ssoDocument()).status).toBe(404);
    expect((await settings({ sso: { app: 1 } })).status).toBe(400);
  });
});

describe("OAuth 2", () => {
  beforeEach(async () => {
    await settings({ method: "apple-oauth2" });
  });

  test("a device fetches its next token by itself, until an administrator takes that back", async () => {
    const { device, tokens } = await enrolled();
    expect(await answersCommand(device)).toBe("acknowledged");
    later(9 * 3_600_000);
    expect((await device.idle()).status).toBe(401);

    const next = await refresh(transport, tokens);

    device.line.accessToken = next.access;
    expect(await answersCommand(device)).toBe("acknowledged");
    await ask("POST", `/api/v1/devices/${device.id}/sign-in`);
    expect((await device.idle()).status).toBe(401);
    await expect(refresh(transport, next)).rejects.toThrow("invalid_grant");
  });

  const token = async (form: Record<string, string>) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(form).toString();
    const answer = await transport(
      new Request(`${origin}/enroll/account/token`, { method: "POST", headers, body }),
    );
    return { status: answer.status, ...((await answer.json()) as { error?: string; access_token?: string }) };
  };

  const redirect_uri = "apple-remotemanagement-user-login:/oauth2/redirection";
  const client = { client_id: "edgemdm-device", redirect_uri };
  const authorizeAt = (more: object = {}) =>
    `${origin}/enroll/account/authorize?${new URLSearchParams({ response_type: "code", state: "s", ...client, ...more })}`;

  test("a code is good once, for its own client and address", async () => {
    const code = new URL(await signIn(authorizeAt())).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, ...client };
    expect(await token({ ...form, redirect_uri: "https://evil.example" })).toMatchObject({
      error: "invalid_grant",
    });
    expect(await token({ ...form, client_id: "another" })).toMatchObject({ error: "invalid_client" });

    expect(await token(form)).toMatchObject({ status: 200, access_token: expect.any(String) });

    expect(await token(form)).toMatchObject({ status: 400, error: "invalid_grant" });
  });

  test("a code, an access token and a refresh token do not stand for each other", async () => {
    const { tokens } = await enrolled();
    const asCode = { grant_type: "authorization_code", ...client };
    for (const one of [tokens.access, tokens.refresh ?? ""])
      expect(await token({ ...asCode, code: one })).toMatchObject({ error: "invalid_grant" });
    expect(await token({ grant_type: "refresh_token", refresh_token: tokens.access })).toMatchObject({
      error: "invalid_grant",
    });
  });

  test.each<[string, object]>([
    ["another address", { redirect_uri: "https://evil.example/" }],
    ["another client", { client_id: "another" }],
  ])("nobody is sent to %s", async (_title, more) => {
    const answer = await transport(new Request(authorizeAt(more), { redirect: "manual" }));

    expect(answer.status).toBe(400);
    expect(answer.headers.get("Location")).toBeNull();
  });

  test.each<[Record<string, string>, string]>([
    [{}, "unsupported_grant_type"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: "refresh_token", refresh_token: "x".repeat(5_000) }, "invalid_grant"],
    [{ grant_type: "refresh_token" }, "invalid_grant"],
  ])("%j is refused", async (form, error) => {
    expect(await token(form)).toMatchObject({ status: 400, error });
  });
});

test("a device that enrolled in another way is never answered 401, whatever token it shows", async () => {
  const phone = newDevice("iphone");
  await phone.enroll(await invite());
  phone.line.accessToken = "A".repeat(43);

  expect(await answersCommand(phone)).toBe("acknowledged");
  const demanded = await ask("POST", `/api/v1/devices/${phone.id}/sign-in`);
  expect(demanded.status).toBe(409);
});
