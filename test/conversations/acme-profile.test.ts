import "../../src/enrollment/acme/answers.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { AcmeFailure } from "../support/apple-device/acme.ts";
import { readCertificate } from "../support/apple-device/certificate.ts";
import { hex } from "../support/apple-device/der.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "../support/apple-device.ts";
import { give, invite, newDevice, objectOf, stateOf, topic } from "../support/fleet.ts";

// Enrollment profiles that have identities made by ACME, and what becomes of those identities.

const attestation = (policy: Record<string, string | null>) =>
  ask("PATCH", "/api/v1/enrollment/settings", { json: { attestation: policy } });

beforeAll(async () => {
  await invite();
  const settings = { mdm: { Topic: topic } };
  expect((await ask("PATCH", "/api/v1/enrollment/settings", { json: settings })).status).toBe(200);
});

const profileFor = (query: Record<string, string>) =>
  ask("GET", `/api/v1/enrollment/profile?signed=false&${new URLSearchParams(query)}`);

const machineOf = ({ flavour }: AppleDevice) => ({
  platform: flavour.platform,
  os: flavour.osVersion,
  product: flavour.productName,
});

async function enrolledByProfile(
  flavour: FlavourName,
  options: Partial<AppleDeviceOptions> = {},
  query: Record<string, string> = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour, options);
  const { status, text } = await profileFor({ ...machineOf(device), ...query });
  expect([status, status === 200 ? "" : text]).toEqual([200, ""]);
  await device.enroll({ profile: Buffer.from(text) });
  return device;
}

const describeOf = async (device: AppleDevice) => {
  const described = await objectOf(device).describe();
  if (!described) throw new Error("nothing is known of the device");
  return described;
};

describe("where attestation is preferred", () => {
  beforeAll(() => attestation({ device: "preferred", user: "preferred" }));

  test.each(["iphone", "ipad", "mac", "appleTv", "visionPro", "watch"] as const)(
    "%s attests its key",
    async (flavour) => {
      const device = await enrolledByProfile(flavour);

      expect(device.identity.key.type).toBe("ec");
      expect((await describeOf(device)).proven.serial_number).toBe("attestation");
    },
  );

  test.each<[FlavourName, Record<string, string>]>([
    ["intelMac", {}],
    ["iphone", { os: "15.8" }],
    ["mac", { os: "13.6" }],
    ["mac", { product: "VirtualMac2,1" }],
  ])("%s that cannot, as %j, gets its identity by SCEP", async (flavour, query) => {
    const device = await enrolledByProfile(flavour, {}, query);

    expect(device.identity.key.type).toBe("rsa");
    expect(await describeOf(device)).toMatchObject({ attestation: null, proven: {} });
  });

  test("a profile for who knows what device asks for none", async () => {
    expect((await profileFor({})).text).toContain("com.apple.security.scep");
  });

  test("a device whose chip is too old goes on without", async () => {
    const device = await enrolledByProfile("iphone", { acme: { canAttest: false } });

    expect(device.identity.key.type).toBe("ec");
    expect((await describeOf(device)).attestation).toBeNull();
  });

  test("an attestation under a user enrollment names no device", async () => {
    const device = await enrolledByProfile(
      "iphone",
      { userEnrollment: true },
      { kind: "user", account: "jo@example.com" },
    );

    const { proven, attestation: attested } = await describeOf(device);
    expect(proven).not.toHaveProperty("serial_number");
    expect(attested?.facts).not.toHaveProperty("serial");
    expect(attested?.facts.osVersion).toBe(device.flavour.osVersion);
  });
});

describe("where attestation is required", () => {
  beforeAll(() => attestation({ device: "required" }));

  test("a Mac without a Secure Enclave that attests gets no profile, and words", async () => {
    const { status, json } = await profileFor(machineOf(newDevice("intelMac")));

    expect(status).toBe(409);
    expect(json.detail).toMatch(/a MacBookPro16,1 has no Secure Enclave that attests/);
  });

  test("a device that does not attest is not enrolled", async () => {
    const enrolling = enrolledByProfile("iphone", { acme: { canAttest: false } });

    await expect(enrolling).rejects.toBeInstanceOf(AcmeFailure);
  });

  test("a device of another serial number is not enrolled with a profile that names one", async () => {
    const enrolling = enrolledByProfile("iphone", {}, { serial: "OTHER12345" });

    await expect(enrolling).rejects.toMatchObject({ problem: "badAttestationStatement" });
  });

  test("a device that says to have another serial number than the attested one is refused", async () => {
    const hardware = { serialNumber: "REAL123456", udid: "00008110-000A11112222801E" };
    const enrolling = enrolledByProfile("iphone", { acme: { hardware } });

    await expect(enrolling).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
  });
});

describe("an identity that came by ACME", () => {
  beforeAll(() => attestation({ device: "required" }));

  test.each(["authenticate", "in place"] as const)("is renewed by ACME, %s", async (renewal) => {
    const device = await enrolledByProfile("mac", { renewal });
    const before = device.identity;
    // Whatever the settings say by now.
    await attestation({ device: null });

    expect(await objectOf(device).renewIdentity()).toBe(true);
    await device.converse();
    await attestation({ device: "required" });

    const { identities, attestation: attested } = await describeOf(device);
    expect(hex(device.identity.certificate)).not.toBe(hex(before.certificate));
    expect(hex(readCertificate(device.identity.certificate).spki)).not.toBe(hex(before.key.spki));
    expect(attested?.facts.serial).toBe(device.hardware.serialNumber);
    const uuid = await give(device, "DeviceInformation", { Queries: ["DeviceName"] });
    await device.converse();
    expect(await stateOf(device, uuid)).toBe("acknowledged");
    expect(identities.length).toBe(2);
  });

  test("is not renewed by another device", async () => {
    const hardware = { serialNumber: "REAL123456", udid: "00008110-000A11112222801E" };
    const acme = {} as { hardware?: typeof hardware };
    const device = await enrolledByProfile("iphone", { acme });
    const { identity } = device;
    acme.hardware = hardware;

    await objectOf(device).renewIdentity();
    await device.converse().catch(() => undefined);

    expect(device.identity).toBe(identity);
    expect((await describeOf(device)).identities).toHaveLength(1);
  });

  test("can have nothing encrypted to it, and the answer says why", async () => {
    const { encryptProfile } = await import("../../src/profiles/encrypt-profile.ts");
    const { parseCertificate } = await import("../../src/pki/parse-certificate.ts");
    const device = await enrolledByProfile("iphone");
    const certificate = parseCertificate(device.identity.certificate);

    expect(
      certificate.ok && (await encryptProfile(new Map([["PayloadContent", []]]), certificate.value)),
    ).toMatchObject({
      ok: false,
      refusal: { detail: expect.stringContaining("nothing can be encrypted to it") },
    });
  });
});
