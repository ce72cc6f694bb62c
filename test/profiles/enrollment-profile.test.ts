import { describe, expect, test } from "vitest";
import { namedUuid } from "../../src/base/named-uuid.ts";
import { checkProfile } from "../../src/catalog/check.ts";
import { readPlist } from "../../src/plist/read.ts";
import { buildEnrollmentProfile, certificateUuid } from "../../src/profiles/enrollment-profile.ts";
import { type MdmKeys, mdmFindings } from "../../src/profiles/mdm-payload.ts";
import { readEnrollmentProfile as readAsDevice } from "../support/apple-device/profile.ts";
import { pemText } from "../support/pki.ts";
import { enrollmentProfileFindings, readEnrollmentProfile } from "../support/read-enrollment-profile.ts";

const identifier = "com.example.myprofile";

const mdm: MdmKeys = {
  Topic: "com.apple.mgmt.External.c809ab17-1cbd-48f2-8dc7-e952131df20c",
  ServerURL: "https://mdm.example.com:2001/mdm",
  CheckInURL: "https://mdm.example.com:2001/checkin",
  AccessRights: 8191,
  CheckOutWhenRemoved: true,
  ServerCapabilities: ["com.apple.mdm.per-user-connections", "com.apple.mdm.bootstraptoken"],
  PromptUserToAllowBootstrapTokenForAuthentication: true,
};

const scep = {
  URL: "https://mdm.example.com:2002/scep",
  Challenge: "MDMEnrollment",
  Subject: [[["O", "Example, Inc."]], [["CN", "Device Certificate"]]],
} as const;

const pem = pemText("authority.cert");

const input = {
  identifier,
  profile: { PayloadDisplayName: "MDM" },
  mdm,
  scep,
  certificates: [pem],
};

async function built(more: object = {}) {
  const read = readEnrollmentProfile(await buildEnrollmentProfile({ ...input, ...more }));
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
}

describe("the enrollment profile", () => {
  test("holds certificate, identity and MDM payload in that order, and reads back as it was given", async () => {
    const bytes = await buildEnrollmentProfile(input);

    const read = readEnrollmentProfile(bytes);

    expect(read).toMatchObject({ ok: true, value: { identifier, mdm, others: [] } });
    const plist = readPlist(bytes);
    const content = (plist.ok && plist.value instanceof Map && plist.value.get("PayloadContent")) || [];
    expect((content as Map<string, unknown>[]).map((payload) => payload.get("PayloadType"))).toEqual([
      "com.apple.security.pem",
      "com.apple.security.scep",
      "com.apple.mdm",
    ]);
    const identity = read.ok ? read.value.identity.get("PayloadContent") : undefined;
    expect(identity).toEqual(
      new Map<string, unknown>([
        ["Keysize", 2048],
        ["Key Type", "RSA"],
        ["Key Usage", 5],
        ["KeyIsExtractable", false],
        ["URL", scep.URL],
        ["Challenge", scep.Challenge],
        ["Subject", scep.Subject],
      ]),
    );
  });

  test("is what a device expects, and nothing that Apple's schema calls an error", async () => {
    const bytes = await buildEnrollmentProfile({
      ...input,
      scep: { ...scep, CAFingerprint: new Uint8Array(20) },
      profile: {
        PayloadDisplayName: "MDM",
        PayloadDescription: "Manages this device",
        PayloadOrganization: "Example",
        ConsentText: { default: "Agree" },
        PayloadRemovalDisallowed: true,
        RemovalDate: new Date("2030-01-01T00:00:00Z"),
      },
    });

    const device = readAsDevice(bytes, true);
    const plist = readPlist(bytes);
    const findings = await checkProfile(plist.ok ? plist.value : undefined);

    expect(device.management).toMatchObject({ serverUrl: mdm.ServerURL, checkInUrl: mdm.CheckInURL });
    expect(device.certificates).toHaveLength(1);
    expect(findings.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("is the same for the same input, byte for byte", async () => {
    expect(await buildEnrollmentProfile(input)).toEqual(await buildEnrollmentProfile(input));
  });

  test("with another challenge keeps the MDM payload's names and gives the identity new ones", async () => {
    const first = await built();
    const second = await built({ scep: { ...scep, Challenge: "another" } });

    expect(second.identifier).toBe(first.identifier);
    expect(second.uuid).not.toBe(first.uuid);
    expect(second.mdm).toEqual(first.mdm);
    expect(second.identity.get("PayloadIdentifier")).toBe(first.identity.get("PayloadIdentifier"));
    expect(second.identity.get("PayloadUUID")).not.toBe(first.identity.get("PayloadUUID"));
    expect(second.certificates[0]).toEqual(first.certificates[0]);
  });

  test("can pin a certificate that it carries, by a UUID that is known beforehand", async () => {
    const uuid = await certificateUuid(identifier, pem);

    const profile = await built({ mdm: { ...mdm, ServerURLPinningCertificateUUIDs: [uuid] } });

    expect(enrollmentProfileFindings(profile, { otherTransport: true })).toEqual([]);
  });

  test("carries the authority and the escrow certificate of recovery keys where that is asked for", async () => {
    const der = new Uint8Array([0x30, 0]);
    const profile = await built({
      authority: der,
      fileVaultEscrow: { certificate: der, location: "Call the help desk" },
    });

    const [, root, escrowCertificate] = profile.certificates;
    const [escrow] = profile.others;
    expect(root?.get("PayloadType")).toBe("com.apple.security.root");
    expect(escrow?.get("PayloadType")).toBe("com.apple.security.FDERecoveryKeyEscrow");
    expect(escrow?.get("EncryptCertPayloadUUID")).toBe(escrowCertificate?.get("PayloadUUID"));
  });

  test.each([
    ["no dictionary", "<plist><array/></plist>", "no property list's dictionary"],
    ["no profile", "<plist><dict/></plist>", "top level"],
  ])("is not %s", (_, text, why) => {
    expect(readEnrollmentProfile(new TextEncoder().encode(text))).toMatchObject({
      ok: false,
      refusal: { reason: "not-an-enrollment-profile", detail: expect.stringContaining(why) },
    });
  });

  test("needs the identity that its MDM payload names", async () => {
    const text = new TextDecoder().decode(await buildEnrollmentProfile(input));
    const { identity } = await built();
    const uuid = String(identity.get("PayloadUUID"));
    const other = "00000000-0000-4000-8000-000000000000";

    const read = readEnrollmentProfile(new TextEncoder().encode(text.replace(uuid, other)));

    expect(read).toMatchObject({ refusal: { detail: expect.stringContaining("names no identity") } });
  });
});

describe("the MDM payload's rules", () => {
  const around = { certificates: [], otherTransport: true };

  test("find nothing wrong with Apple's example", () => {
    expect(mdmFindings(mdm, around)).toEqual([]);
  });

  test.each<[string, Partial<MdmKeys>, string, string]>([
    ["a topic of something else", { Topic: "com.example" }, "/Topic", "bad-topic"],
    ["plain http", { ServerURL: "http://mdm.example.com/mdm" }, "/ServerURL", "not-https"],
    ["no URL at all", { CheckInURL: "mdm.example.com" }, "/CheckInURL", "not-https"],
    ["a user name in a URL", { CheckInURL: "https://a@mdm.example.com/" }, "/CheckInURL", "bad-url"],
    ["no rights", { AccessRights: 0 }, "/AccessRights", "out-of-range"],
    ["rights that do not exist", { AccessRights: 8192 }, "/AccessRights", "out-of-range"],
    ["half a right", { AccessRights: 1.5 }, "/AccessRights", "out-of-range"],
    ["installing without inspecting", { AccessRights: 2 }, "/AccessRights", "lacks-right"],
    ["provisioning without inspecting", { AccessRights: 128 }, "/AccessRights", "lacks-right"],
    ["a mode without an account", { EnrollmentMode: "ADDE" }, "/AssignedManagedAppleID", "required"],
    ["an account without a mode", { AssignedManagedAppleID: "a@b.c" }, "/EnrollmentMode", "required"],
    [
      "rights in a user enrollment",
      { EnrollmentMode: "BYOD", AssignedManagedAppleID: "a@b.c" },
      "/AccessRights",
      "not-in-user-enrollment",
    ],
    ["rights beside ManagedAppleID", { ManagedAppleID: "a@b.c" }, "/AccessRights", "not-in-user-enrollment"],
    ["an app without a mode", { RequiredAppIDForMDM: 1 }, "/RequiredAppIDForMDM", "needs-mode"],
    [
      "an invented capability",
      { ServerCapabilities: ["magic"] },
      "/ServerCapabilities",
      "unknown-capability",
    ],
    [
      "a capability twice",
      { ServerCapabilities: ["com.apple.mdm.token", "com.apple.mdm.token"] },
      "/ServerCapabilities",
      "repeated",
    ],
    [
      "a pin on no UUID",
      { ServerURLPinningCertificateUUIDs: ["x"] },
      "/ServerURLPinningCertificateUUIDs",
      "not-a-uuid",
    ],
    [
      "a pin on a certificate that is not there",
      { CheckInURLPinningCertificateUUIDs: ["00000000-0000-0000-0000-000000000000"] },
      "/CheckInURLPinningCertificateUUIDs",
      "unknown-certificate",
    ],
  ])("refuse %s", (_, change, pointer, code) => {
    expect(mdmFindings({ ...mdm, ...change }, around)).toEqual([expect.objectContaining({ pointer, code })]);
  });

  test("refuse unsigned messages where nothing else proves an identity", () => {
    const unsigned = mdmFindings({ ...mdm, SignMessage: false }, { ...around, otherTransport: false });

    expect(unsigned).toMatchObject([{ pointer: "/SignMessage", code: "no-identity-transport" }]);
    expect(mdmFindings({ ...mdm, SignMessage: true }, { ...around, otherTransport: false })).toEqual([]);
  });

  test("want rights unless a user enrollment forbids them", () => {
    const { AccessRights: _, ...rest } = mdm;
    const user = { ...rest, EnrollmentMode: "BYOD", AssignedManagedAppleID: "ada@example.com" } as const;

    expect(mdmFindings(rest, around)).toMatchObject([{ pointer: "/AccessRights", code: "required" }]);
    expect(mdmFindings(user, around)).toEqual([]);
  });

  test("tell all that is wrong at once", () => {
    const wrong = { ...mdm, Topic: "x", ServerURL: "x", AccessRights: 130 };

    expect(mdmFindings(wrong, around).map(({ pointer }) => pointer)).toEqual([
      "/Topic",
      "/ServerURL",
      "/AccessRights",
      "/AccessRights",
    ]);
  });
});

test("a UUID made of parts looks like one, and differs where the parts do", async () => {
  expect(await namedUuid("a", "b")).toMatch(
    /^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/,
  );
  expect(await namedUuid("a", "b")).not.toBe(await namedUuid("ab"));
});
