import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forgetEnrollmentSettings } from "../../../src/enrollment/enrollment-settings.ts";
import { verifySignedData } from "../../../src/pki/cms/verify.ts";
import { PlistReal } from "../../../src/plist/value.ts";
import { ask, origin, tokenFor } from "../../support/admin.ts";
import { newDevice, objectOf, topic, transport } from "../../support/fleet.ts";
import { pemText } from "../../support/pki.ts";
import { readEnrollmentProfile } from "../../support/read-enrollment-profile.ts";

const settingsUrl = "/api/v1/enrollment/settings";
const change = (json: object) => ask("PATCH", settingsUrl, { json });

beforeAll(async () => {
  expect((await ask("POST", "/api/v1/authorities", { json: {} })).status).toBe(201);
});

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM enrollment_settings").run();
  forgetEnrollmentSettings();
});

async function fetchProfile(query = "", token?: string) {
  const answer = await transport(
    new Request(`${origin}/api/v1/enrollment/profile?${query}`, {
      headers: { Authorization: `Bearer ${token ?? env.ADMIN_TOKEN}` },
    }),
  );
  return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

async function profileOf(query = "") {
  const { answer, bytes } = await fetchProfile(`signed=false&${query}`);
  expect(answer.status, new TextDecoder().decode(bytes)).toBe(200);
  const read = readEnrollmentProfile(bytes);
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
}

describe("the settings", () => {
  test("begin with what most fleets want, and say what is still missing", async () => {
    const { status, json } = await ask("GET", settingsUrl, { token: await tokenFor("viewer") });

    expect(status).toBe(200);
    expect(json.mdm).toMatchObject({ AccessRights: 8191, SignMessage: true, Topic: null, ServerURL: null });
    expect(json.scep).toMatchObject({ Keysize: 2048, "Key Usage": 5, KeyIsExtractable: false });
    expect(json.effective).toMatchObject({
      ready: false,
      problem: expect.stringContaining("set mdm.Topic"),
      ServerURL: `${origin}/mdm`,
    });
  });

  test("change key by key, and are what the next profile says", async () => {
    await change({ mdm: { Topic: topic, AccessRights: 1 + 2 + 16 } });
    const { status, json } = await change({
      mdm: { CheckInURL: `${origin}/checkin`, CheckOutWhenRemoved: false },
      profile: { PayloadDisplayName: "Example", ConsentText: { default: "We can see your apps." } },
    });

    expect(status).toBe(200);
    expect(json.effective).toMatchObject({ ready: true, problem: null, Topic: topic });
    const { mdm, profile } = await profileOf();
    expect(mdm).toMatchObject({
      Topic: topic,
      AccessRights: 19,
      ServerURL: `${origin}/mdm`,
      CheckInURL: `${origin}/checkin`,
      SignMessage: true,
      CheckOutWhenRemoved: false,
    });
    expect(profile.get("PayloadDisplayName")).toBe("Example");
    expect(profile.get("ConsentText")).toEqual(new Map([["default", "We can see your apps."]]));
  });

  test("say when an enrollment ends by itself, in times that are still to come", async () => {
    const when = { RemovalDate: "2040-01-02T03:04:05Z", PayloadExpirationDate: "2039-01-01T00:00:00Z" };
    const { status } = await change({
      mdm: { Topic: topic },
      profile: { ...when, DurationUntilRemoval: 86_400, TargetDeviceType: 5, PayloadRemovalDisallowed: true },
    });
    const { profile } = await profileOf();
    const past = await change({
      profile: { RemovalDate: "2020-01-01T00:00:00Z", DurationUntilRemoval: -1, ConsentText: { en: "Yes?" } },
    });

    expect(status).toBe(200);
    expect(Object.fromEntries(profile)).toMatchObject({
      RemovalDate: new Date(when.RemovalDate),
      PayloadExpirationDate: new Date(when.PayloadExpirationDate),
      DurationUntilRemoval: new PlistReal(86_400),
      TargetDeviceType: 5,
      PayloadRemovalDisallowed: true,
    });
    expect(
      past.json.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    ).toEqual([
      ["/profile/ConsentText/default", "no-default-language"],
      ["/profile/RemovalDate", "removal-date-past"],
      ["/profile/DurationUntilRemoval", "bad-duration"],
    ]);
  });

  test("lose a key that is set to null", async () => {
    await change({ mdm: { Topic: topic, CheckInURL: `${origin}/checkin` } });

    const { json } = await change({ mdm: { CheckInURL: null } });

    expect(json.mdm.CheckInURL).toBeNull();
    expect((await profileOf()).mdm.CheckInURL).toBeUndefined();
  });

  test("tell all that is wrong at once, by pointer, and store none of it", async () => {
    const { status, json } = await change({
      mdm: {
        Topic: "com.example.topic",
        ServerURL: "http://mdm.example.com/mdm",
        AccessRights: 2,
        SignMessage: false,
        ServerCapabilities: ["com.apple.mdm.magic"],
        EnrollmentMode: "ADDE",
      },
      profile: { PayloadIdentifier: "no spaces" },
      certificates: ["no certificate"],
      accepted_hosts: ["https://a.example"],
    });

    expect(status).toBe(400);
    expect(
      json.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    ).toEqual([
      ["/mdm/Topic", "bad-topic"],
      ["/mdm/ServerURL", "not-https"],
      ["/mdm/AccessRights", "lacks-right"],
      ["/mdm/AssignedManagedAppleID", "required"],
      ["/mdm/ServerCapabilities", "unknown-capability"],
      ["/mdm/SignMessage", "no-identity-transport"],
      ["/certificates/0", "not-a-certificate"],
      ["/profile/PayloadIdentifier", "bad-identifier"],
      ["/accepted_hosts/0", "not-a-host"],
    ]);
    expect((await ask("GET", settingsUrl)).json.mdm.Topic).toBeNull();
  });

  test("take unsigned messages only together with another way to know a device", async () => {
    const alone = await change({ mdm: { SignMessage: false } });
    const together = await change({ mdm: { SignMessage: false }, mutual_tls: true });

    expect(alone.json.errors[0].pointer).toBe("/mdm/SignMessage");
    expect(together.status).toBe(200);
  });

  test.each([
    { mdm: { Colour: "red" } },
    { mdm: { AccessRights: "all" } },
    { challenge_hours: 0 },
    { colour: 1 },
  ])("refuse %j", async (json) => {
    expect((await change(json)).status).toBe(400);
  });

  test("are for administrators to change", async () => {
    const { status } = await ask("PATCH", settingsUrl, { token: await tokenFor("operator"), json: {} });

    expect(status).toBe(403);
  });
});

describe("a profile for an operator", () => {
  beforeEach(() => change({ mdm: { Topic: topic } }));

  test("is signed by the issuing authority, and named so that a device offers to install it", async () => {
    const { answer, bytes } = await fetchProfile();

    const signed = await verifySignedData(bytes, {});
    expect(answer.headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    expect(answer.headers.get("Content-Disposition")).toBe('attachment; filename="enroll.mobileconfig"');
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(Date.parse(answer.headers.get("X-Challenge-Expires") ?? "")).toBeGreaterThan(Date.now());
    const { items } = (await ask("GET", "/api/v1/authorities")).json;
    expect(signed.ok && signed.value.signer.subjectText).toBe(items[0].subject);
    expect(readEnrollmentProfile((signed.ok && signed.value.content) || new Uint8Array()).ok).toBe(true);
  });

  test("enrolls a device, which keeps what it was given", async () => {
    const { bytes } = await fetchProfile("kind=ade");
    const device = newDevice("mac");

    await device.enroll({ profile: bytes });

    const described = await objectOf(device).describe();
    expect(described?.state).toBe("enrolled");
    expect(JSON.parse(described?.terms ?? "{}")).toMatchObject({
      kind: "ade",
      identifier: "edgemdm.enrollment",
      profile: { Topic: topic, ServerURL: `${origin}/mdm`, AccessRights: 8191 },
    });
  });

  test("works for the device it names, and for one device", async () => {
    const named = (await fetchProfile("signed=false&udid=NOBODY")).bytes;
    const { bytes } = await fetchProfile("signed=false");
    await newDevice("iphone").enroll({ profile: bytes, freshKey: true });

    await expect(newDevice("ipad").enroll({ profile: named })).rejects.toMatchObject({ status: 403 });
    await expect(newDevice("ipad").enroll({ profile: bytes, freshKey: true })).rejects.toMatchObject({
      code: 22013,
    });
  });

  test("of a user enrollment has a mode, an account and no rights; of ADE it has neither mode nor account", async () => {
    const user = await profileOf("kind=user&account=ada@example.com");
    const ade = await profileOf("kind=ade");
    const account = await profileOf("kind=account_device&account=ada@example.com");

    expect(user.mdm).toMatchObject({ EnrollmentMode: "BYOD", AssignedManagedAppleID: "ada@example.com" });
    expect(user.mdm.AccessRights).toBeUndefined();
    expect(ade.mdm.EnrollmentMode).toBeUndefined();
    expect(account.mdm).toMatchObject({ EnrollmentMode: "ADDE", AccessRights: 8191 });
  });

  test("of an account-driven kind is refused without the account", async () => {
    const { status, json } = await ask("GET", "/api/v1/enrollment/profile?kind=user");

    expect(status).toBe(409);
    expect(json.detail).toContain("Managed Apple Account");
  });

  test("is refused at an address that will not last, until that is accepted", async () => {
    const strange = "https://edgemdm.acme.workers.dev/mdm";
    await change({ mdm: { ServerURL: strange } });

    const refused = await ask("GET", "/api/v1/enrollment/profile");
    await change({ accepted_hosts: ["edgemdm.acme.workers.dev"] });

    expect(refused.status).toBe(409);
    expect(refused.json.detail).toContain("workers.dev");
    expect((await profileOf()).mdm.ServerURL).toBe(strange);
  });

  test("takes the topic of the push certificate in use, unless the settings name another", async () => {
    await change({ mdm: { Topic: null } });
    const columns =
      "id, fingerprint, topic, certificate, sealed_key, serial, not_before, not_after, in_use, created_at";
    await env.DB.prepare(
      `INSERT INTO push_certificates (${columns}) VALUES ('a', 'a', 'com.apple.mgmt.of-certificate', '', '', '', 0, 0, 1, 0)`,
    ).run();

    const ofCertificate = await profileOf();
    await change({ mdm: { Topic: topic } });
    const ofSettings = await profileOf();
    await env.DB.prepare("DELETE FROM push_certificates").run();

    expect(ofCertificate.mdm.Topic).toBe("com.apple.mgmt.of-certificate");
    expect(ofSettings.mdm.Topic).toBe(topic);
  });

  test("is Apple's example when the settings say so", async () => {
    const example = {
      Topic: "com.apple.mgmt.External.c809ab17-1cbd-48f2-8dc7-e952131df20c",
      ServerURL: "https://mdm.example.com:2001/mdm",
      CheckInURL: "https://mdm.example.com:2001/checkin",
      AccessRights: 8191,
      CheckOutWhenRemoved: true,
      ServerCapabilities: ["com.apple.mdm.per-user-connections", "com.apple.mdm.bootstraptoken"],
      PromptUserToAllowBootstrapTokenForAuthentication: true,
    };
    const pem = pemText("authority.cert");
    const Subject = [[["O", "Example, Inc."]], [["CN", "Device Certificate"]]];
    await change({
      mdm: { ...example, SignMessage: null },
      mutual_tls: true,
      scep: { Subject },
      profile: { PayloadIdentifier: "com.example.myprofile", PayloadDisplayName: "MDM" },
      certificates: [pem],
    });

    const { identifier, profile, mdm, identity, certificates } = await profileOf();

    expect([identifier, profile.get("PayloadDisplayName")]).toEqual(["com.example.myprofile", "MDM"]);
    expect(mdm).toEqual(example);
    const scep = identity.get("PayloadContent") as Map<string, unknown>;
    expect(scep.get("Subject")).toEqual(Subject);
    expect([scep.get("Key Type"), scep.get("Key Usage"), scep.get("Keysize")]).toEqual(["RSA", 5, 2048]);
    expect(new TextDecoder().decode(certificates[0]?.get("PayloadContent") as Uint8Array).trim()).toBe(
      pem.trim(),
    );
  });

  test("is refused without a topic, which a device would keep for life", async () => {
    await change({ mdm: { Topic: null } });

    const { status, json } = await ask("GET", "/api/v1/enrollment/profile");

    expect(status).toBe(409);
    expect(json.detail).toContain("mdm.Topic");
  });

  test("carries the recovery key escrow of Macs where that is set", async () => {
    await change({ file_vault_escrow: "Call the help desk", include_authority: true });

    const { others, certificates } = await profileOf();
    const phone = await profileOf("platform=ios");

    expect(phone.others, "only Macs escrow a recovery key").toEqual([]);
    expect(others[0]?.get("Location")).toBe("Call the help desk");
    expect(certificates).toHaveLength(2);
  });

  test("is for operators", async () => {
    const { answer } = await fetchProfile("", await tokenFor("viewer"));

    expect(answer.status).toBe(403);
  });
});
