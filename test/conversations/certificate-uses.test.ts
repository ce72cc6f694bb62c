import "../../src/enrollment/acme/answers.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { acmeDevice, attestedDevice, failureOf, inviteByAcme, parametersOf } from "../support/acme.ts";
import { ask } from "../support/admin.ts";
import { type AcmeDevice, type AcmeParameters, enrolByAcme } from "../support/apple-device/acme.ts";
import { readCertificate } from "../support/apple-device/certificate.ts";
import { hex } from "../support/apple-device/der.ts";
import { type AppleDevice, declarationsOf } from "../support/apple-device.ts";
import { giveSets, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice, give, newDevice, objectOf, stateOf } from "../support/fleet.ts";
import { run } from "../support/jobs.ts";
import { askRenewalOf } from "../support/renewal-request.ts";

// Certificates besides identities: an asset asks for one, the server makes its document, and the device follows that.

const asset = "com.example.wifi.identity";
const day = 86_400_000;
/** RFC 8894 section 3.2.1.4.5. */
const badRequest = "2";

const useSettings = (more: Record<string, unknown> = {}) =>
  ask("PATCH", "/api/v1/settings", {
    json: {
      certificate_uses: [{ name: "wifi", common_name: "{{device.serial_number}}", ...more }],
      provided_declarations: "none",
      status_items: [],
    },
  });

beforeAll(async () => {
  expect((await useSettings()).status).toBe(200);
  const json = { type: "com.apple.asset.credential.acme", payload: { use: "wifi" } };
  const { status, text } = await ask("PUT", `/api/v1/declarations/${asset}`, { json });
  expect([status, status < 300 ? "" : text]).toEqual([201, ""]);
  await putSet("wifi", { declarations: [asset] });
});

async function deviceWithAsset(make: Promise<AppleDevice> = attestedDevice()): Promise<AppleDevice> {
  const device = await make;
  await settle(device);
  await giveSets(device, ["wifi"]);
  await follow(device);
  return device;
}

async function follow(device: AppleDevice): Promise<void> {
  await settle(device);
  await device.converse();
  await settle(device);
}

type Document = {
  DirectoryURL: string;
  ClientIdentifier: string;
  KeyType: "RSA" | "ECSECPrimeRandom";
  KeySize: number;
  HardwareBound: boolean;
  Attest: boolean;
  Subject: [string, string][][];
  SubjectAltName?: Record<string, string>;
  UsageFlags: number;
};

const referenceOf = (device: AppleDevice) =>
  declarationsOf(device).kept.get(asset)?.Payload.Reference as { DataURL: string } | undefined;

async function documentOf(device: AppleDevice): Promise<Document> {
  const reference = referenceOf(device);
  if (!reference) throw new Error("the device does not have the asset");
  const { status, body } = await device.line.download(reference.DataURL);
  expect(status).toBe(200);
  return JSON.parse(new TextDecoder().decode(body));
}

const asked = (document: Document): AcmeParameters => ({
  directoryUrl: document.DirectoryURL,
  clientIdentifier: document.ClientIdentifier,
  keyType: document.KeyType,
  keySize: document.KeySize,
  hardwareBound: document.HardwareBound,
  attest: document.Attest,
  subject: document.Subject,
  usageFlags: document.UsageFlags,
});

const certify = async (device: AppleDevice, more: Partial<AcmeDevice> = {}) =>
  enrolByAcme(asked(await documentOf(device)), acmeDevice(device, more));

const listed = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/certificates?use=wifi&device=${device.id}`)).json.items;

describe("an asset with a use", () => {
  test("makes a device get a certificate, which is recorded with its use", async () => {
    const device = await deviceWithAsset();
    const document = await documentOf(device);
    expect(document).toMatchObject({
      DirectoryURL: "https://mdm.example.com/acme/use/wifi/directory",
      KeySize: 256,
      HardwareBound: true,
      Attest: true,
      Subject: [[["O", "edgemdm"]], [["CN", device.hardware.serialNumber]]],
    });

    const { identity } = await certify(device);

    expect(await listed(device)).toMatchObject([
      {
        device_id: device.id,
        purpose: "use",
        use: { name: "wifi", declaration: asset, user_id: null },
        subject: `CN=${device.hardware.serialNumber},OU=not for device management: wifi,O=edgemdm`,
        how: "acme",
        revoked_at: null,
      },
    ]);
    const [row] = await listed(device);
    expect(Math.round((Date.parse(row.expires_at) - Date.now()) / day)).toBe(365);
    expect(hex(readCertificate(identity.certificate).spki)).toBe(hex(identity.key.spki));
    // It is no identity of the device: what is encrypted or renewed for it has nothing to do with this one.
    expect((await objectOf(device).describe())?.identities).toHaveLength(1);
  });

  test("stays the same for the device until another certificate is due", async () => {
    const device = await deviceWithAsset();
    const before = await documentOf(device);
    await certify(device);

    await objectOf(device).assignmentChanged({});
    await follow(device);

    expect(await documentOf(device)).toEqual(before);
    expect(await failureOf(certify(device))).toMatchObject({ problem: "unauthorized", step: "finalize" });
  });

  test("gives each device an identifier of its own, which no other may use", async () => {
    const [device, other] = [await deviceWithAsset(), await deviceWithAsset()];
    const [mine, theirs] = [await documentOf(device), await documentOf(other)];
    expect(mine.ClientIdentifier).not.toBe(theirs.ClientIdentifier);

    const stolen = enrolByAcme(asked(mine), acmeDevice(other));

    expect(await failureOf(stolen)).toMatchObject({ problem: "badAttestationStatement" });
    expect(await listed(device)).toEqual([]);
  });

  test("is valid only after the device fetched it, and only at its own directory", async () => {
    const device = await deviceWithAsset();
    const document = await documentOf(device);
    const wrong = { ...asked(document), directoryUrl: "https://mdm.example.com/acme/directory" };
    expect(await failureOf(enrolByAcme(wrong, acmeDevice(device)))).toMatchObject({
      problem: "rejectedIdentifier",
    });
    const invitation = await inviteByAcme();
    const identity = parametersOf({ ...invitation, directoryUrl: document.DirectoryURL });
    expect(await failureOf(enrolByAcme(identity, acmeDevice(newDevice("iphone"))))).toMatchObject({
      problem: "rejectedIdentifier",
    });
  });

  test("takes only the kind of key that the use names", async () => {
    const device = await deviceWithAsset();
    const document = await documentOf(device);

    const failure = await failureOf(enrolByAcme({ ...asked(document), keySize: 384 }, acmeDevice(device)));

    expect(failure).toMatchObject({ problem: "badCSR", step: "finalize" });
    await certify(device);
  });

  test("is not given where the policy says no, and the reason is told", async () => {
    await useSettings({ tags: ["staff"] });
    const device = await deviceWithAsset();
    expect(referenceOf(device)).toBeUndefined();

    await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { tags: ["staff"] } });
    await follow(device);
    expect(referenceOf(device)).toBeDefined();

    await useSettings({ attestation: "required" });
    const old = await deviceWithAsset(enrolledDevice("intelMac"));
    expect(referenceOf(old)).toBeUndefined();
    await useSettings({ attestation: "off", key: "RSA-2048" });
    await objectOf(old).assignmentChanged({});
    await follow(old);
    expect(await documentOf(old)).toMatchObject({ KeyType: "RSA", HardwareBound: false, Attest: false });
    const { identity } = await certify(old);
    expect(identity.key.type).toBe("rsa");
    await useSettings();
  });
});

describe("its certificate", () => {
  test("is no identity: it is refused wherever a device shows one", async () => {
    const device = await deviceWithAsset();
    const { identity } = await certify(device);
    const address = referenceOf(device)?.DataURL ?? "";

    await device.withIdentity(identity, async () => {
      await expect(device.converse()).rejects.toMatchObject({ answer: { status: 403 } });
      expect((await device.line.download(address, { attempts: 1 })).status).toBe(403);
    });

    const other = newDevice("iphone");
    const sourceOf = { serverUrl: "https://mdm.example.com/mdm", topic: "com.apple.mgmt.External.x" };
    await expect(other.enroll({ ...sourceOf, identity })).rejects.toMatchObject({ stage: "Authenticate" });
    const uuid = await give(device, "DeviceInformation", { Queries: ["DeviceName"] });
    await device.converse();
    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("cannot be renewed as an identity by SCEP", async () => {
    await useSettings({ attestation: "off", key: "RSA-2048" });
    const device = await deviceWithAsset();
    const { identity } = await certify(device);

    expect(await askRenewalOf(identity)).toEqual({ failInfo: badRequest });
    await useSettings();
  });

  test("also without its record, as after an old backup", async () => {
    const device = await deviceWithAsset();
    const { identity } = await certify(device);
    await env.DB.prepare("DELETE FROM certificates WHERE purpose = 'use'").run();

    await device.withIdentity(identity, () =>
      expect(device.converse()).rejects.toMatchObject({ answer: { status: 403 } }),
    );

    expect(await listed(device)).toEqual([]);
  });

  test("is renewed before its end, and replaced after it was revoked", async () => {
    const device = await deviceWithAsset();
    const first = await documentOf(device);
    await certify(device);
    await env.DB.prepare("UPDATE certificates SET renew_at = 1 WHERE device_id = ? AND purpose = 'use'")
      .bind(device.id)
      .run();

    await run("expiries");
    await run("assign");
    await follow(device);
    const second = await documentOf(device);
    expect(second.ClientIdentifier).not.toBe(first.ClientIdentifier);
    await certify(device);
    const [renewed, earlier] = await listed(device);
    expect(renewed.renewal_of.fingerprint).toBe(earlier.fingerprint);

    await ask("POST", `/api/v1/certificates/${renewed.fingerprint}/revoke`, {});
    await run("assign");
    await follow(device);
    expect((await documentOf(device)).ClientIdentifier).not.toBe(second.ClientIdentifier);
    // The identity of the device is another certificate.
    expect((await objectOf(device).describe())?.state).toBe("enrolled");
  });

  test("is revoked where the device loses the asset, and where its enrollment ends", async () => {
    const [device, other] = [await deviceWithAsset(), await deviceWithAsset()];
    await certify(device);
    await certify(other);
    const before = await documentOf(device);

    await giveSets(device, []);
    await follow(device);
    expect(await listed(device)).toMatchObject([{ revocation_reason: "cessationOfOperation" }]);
    await giveSets(device, ["wifi"]);
    await follow(device);
    expect((await documentOf(device)).ClientIdentifier).not.toBe(before.ClientIdentifier);

    const theirs = asked(await documentOf(other));
    await other.checkOut();
    await settle(other);
    expect(await listed(other)).toMatchObject([{ revocation_reason: "cessationOfOperation" }]);
    expect(await failureOf(enrolByAcme(theirs, acmeDevice(other)))).toMatchObject({
      problem: "unauthorized",
    });
  });

  test("has the names of the setting and nothing of the request", async () => {
    await useSettings({ subject_alt_name: { rfc822Name: "{{attribute.mail}}" } });
    const device = await attestedDevice();
    await settle(device);
    await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { attributes: { mail: "jo@example.com" } } });
    await deviceWithAsset(Promise.resolve(device));
    const document = await documentOf(device);
    expect(document.SubjectAltName).toEqual({ rfc822Name: "jo@example.com" });

    const wish = { ...asked(document), subject: [[["CN", "root"]]] } as unknown as AcmeParameters;
    const { identity } = await enrolByAcme(wish, acmeDevice(device));

    expect(Buffer.from(identity.certificate).includes("root")).toBe(false);
    expect(Buffer.from(identity.certificate).includes("jo@example.com")).toBe(true);
    expect(hex(readCertificate(identity.certificate).spki)).toBe(hex(identity.key.spki));
    await useSettings();
  });
});

test.each([
  ["a name that a device chooses", { common_name: "{{device.name}}" }, /devices choose/],
  ["an attested RSA key", { key: "RSA-2048" }, /attested/],
  ["a renewal as long as its life", { validity_days: 10, renewal_days: 10 }, /renewal_days/],
  ["a name that no address can have", { name: "Wi-Fi!" }, /lower-case/],
])("%s is refused in the setting", async (_, more, detail) => {
  const { status, text } = await useSettings(more);

  expect(status).toBe(400);
  expect(text).toMatch(detail);
});

test("the settings are left as they were", async () => {
  await patchSettings(env, { certificate_uses: [] }, Date.now());
});
