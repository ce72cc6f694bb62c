import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { app } from "../../src/app.ts";
import { concat, toBase64, utf8 } from "../../src/base/bytes.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { certificateRequest, readCertificate } from "../support/apple-device/certificate.ts";
import { attribute, envelop, type SignatureStyle, signedData } from "../support/apple-device/cms.ts";
import { printableString, read } from "../support/apple-device/der.ts";
import { contentTypes } from "../support/apple-device/line.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { attributesDropped } from "../support/attribute-attack.ts";
import { enrolledDevice, give, outboxOf, stateOf, transport } from "../support/fleet.ts";

/** Each of these signatures is by the device's own key, made for something else than the message that it comes with. */
const plain: SignatureStyle = { digest: "SHA-256", attributes: false, encoding: "der", algorithm: "plain" };
const withAttributes: SignatureStyle = { ...plain, attributes: true };

const signatureOf = (
  device: AppleDevice,
  content: Uint8Array,
  style: SignatureStyle,
  attributes: readonly Uint8Array<ArrayBuffer>[] = [],
) => signedData({ content, detached: true, signer: device.identity, style, now: Date.now(), attributes });

async function send(
  device: AppleDevice,
  body: Uint8Array,
  signature: Uint8Array,
  type: string = contentTypes.connect,
) {
  const answer = await transport(
    new Request(device.line.managed.serverUrl, {
      method: "PUT",
      headers: { "Content-Type": type, "Mdm-Signature": toBase64(signature) },
      body,
    }),
  );
  return [answer.status, (await answer.arrayBuffer()).byteLength];
}

async function lockedDevice() {
  const device = await enrolledDevice("iphone");
  const uuid = await give(device, "DeviceLock", { PIN: "123456" });
  return { device, isStillQueued: async () => (await stateOf(device, uuid)) === "queued" };
}

const names = async (device: AppleDevice) => (await outboxOf(device)).map(({ name }) => name);

describe("what a device's key signed for something else fetches no command", () => {
  test("the attributes of a download's signature, sent as if they were the body", async () => {
    const { device, isStillQueued } = await lockedDevice();
    const { signature, body } = attributesDropped(signatureOf(device, new Uint8Array(), withAttributes));

    expect(await send(device, body, signature)).toEqual([400, 0]);

    expect(await isStillQueued()).toBe(true);
  });

  test("the attributes of any message, whatever they are called", async () => {
    const { device, isStillQueued } = await lockedDevice();
    const { signature, body } = attributesDropped(signatureOf(device, utf8("<plist/>"), withAttributes));

    for (const type of [contentTypes.connect, contentTypes.checkin, "text/xml"])
      expect(await send(device, body, signature, type)).toEqual([400, 0]);

    expect(await isStillQueued()).toBe(true);
  });

  test.each([
    ["with attributes", withAttributes],
    ["without", plain],
  ])("a download's signature over nothing, %s, as a report of nothing", async (_, style) => {
    const { device, isStillQueued } = await lockedDevice();

    expect(await send(device, new Uint8Array(), signatureOf(device, new Uint8Array(), style))).toEqual([
      400, 0,
    ]);

    expect(await isStillQueued()).toBe(true);
  });

  test("a SCEP message, whose envelope is the body", async () => {
    const { device, isStillQueued } = await lockedDevice();
    const recipient = readCertificate(device.identity.certificate);
    const random = (length: number) => device.random.bytes(length);
    const body = envelop({
      content: utf8("a request"),
      recipient,
      cipher: "AES-128",
      encoding: "der",
      random,
    });
    const messageType = attribute("2.16.840.1.113733.1.9.2", printableString("17"));

    expect(await send(device, body, signatureOf(device, body, withAttributes, [messageType]))).toEqual([
      400, 0,
    ]);
    expect(
      await send(
        device,
        utf8("<plist/>"),
        signatureOf(device, utf8("<plist/>"), withAttributes, [messageType]),
      ),
    ).toEqual([400, 0]);

    expect(await isStillQueued()).toBe(true);
  });

  test("a certification request", async () => {
    const { device, isStillQueued } = await lockedDevice();
    const request = certificateRequest({
      key: device.identity.key,
      version: 0,
      digest: "SHA-256",
      subject: [[["CN", "me"]]],
      challenge: "secret",
      keyUsage: 0,
      names: {},
    });
    const body = read(request).child(0).raw;

    expect(await send(device, body, signatureOf(device, body, plain))).toEqual([200, 0]);

    expect(await isStillQueued()).toBe(true);
    expect(await names(device)).toContain("command.result_undecodable");
  });

  test.each<[string, Uint8Array]>([
    ["of TLS 1.2, over its messages", concat([Uint8Array.of(1, 0, 0, 80, 3, 3), new Uint8Array(78)])],
    [
      "of TLS 1.3, over its own words",
      concat([utf8(" ".repeat(64)), utf8("TLS 1.3, client CertificateVerify"), new Uint8Array(33)]),
    ],
  ])("a handshake %s", async (_, body) => {
    const { device, isStillQueued } = await lockedDevice();

    expect(await send(device, body, signatureOf(device, body, plain))).toEqual([200, 0]);

    expect(await isStillQueued()).toBe(true);
  });

  test.each([
    ["of no known status", "<key>Status</key><string>Perhaps</string>"],
    ["with a key of the wrong type", "<key>Status</key><true/>"],
    ["without its command", "<key>Status</key><string>Acknowledged</string>"],
  ])("a report %s", async (_, keys) => {
    const { device, isStillQueued } = await lockedDevice();
    const body = utf8(
      `<plist version="1.0"><dict><key>UDID</key><string>${device.id}</string>${keys}</dict></plist>`,
    );

    expect(await send(device, body, signatureOf(device, body, withAttributes))).toEqual([200, 0]);

    expect(await isStillQueued()).toBe(true);
    expect(await names(device)).toContain("command.result_undecodable");
  });

  test("one message is not two: what it is stands in its signed bytes, not in its media type", async () => {
    const { device, isStillQueued } = await lockedDevice();
    const body = utf8(
      `<plist version="1.0"><dict><key>UDID</key><string>${device.id}</string><key>MessageType</key><string>CheckOut</string><key>Status</key><string>Idle</string></dict></plist>`,
    );

    for (const type of Object.values(contentTypes))
      expect(await send(device, body, signatureOf(device, body, plain), type)).toEqual([400, 0]);

    expect(await isStillQueued()).toBe(true);
  });
});

describe("what Cloudflare says of a client certificate", () => {
  async function idleBy(device: AppleDevice, bindings: Record<string, string>) {
    const certFingerprintSHA256 = await fingerprint(device.identity.certificate);
    const cf = { tlsClientAuth: { certPresented: "1", certVerified: "SUCCESS", certFingerprintSHA256 } };
    const request = new Request(device.line.managed.serverUrl, {
      method: "PUT",
      headers: { "Content-Type": contentTypes.connect },
      body: `<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>${device.id}</string></dict></plist>`,
      cf,
    } as RequestInit);
    const answer = await app.fetch(request, { ...env, ...bindings } as Env, createExecutionContext());
    return [answer.status, (await answer.text()).includes("DeviceLock")];
  }

  test("is believed nowhere but where MUTUAL_TLS says so", async () => {
    const { device, isStillQueued } = await lockedDevice();

    expect(await idleBy(device, {})).toEqual([400, false]);
    expect(await idleBy(device, { MUTUAL_TLS: "false" })).toEqual([400, false]);
    expect(await isStillQueued()).toBe(true);

    expect(await idleBy(device, { MUTUAL_TLS: "true" })).toEqual([200, true]);
  });

  test.each(["http://localhost:8787", "http://127.0.0.1:8787", "https://localhost"])(
    "is never believed at %s",
    async (PUBLIC_URL) => {
      const { device } = await lockedDevice();

      expect(await idleBy(device, { MUTUAL_TLS: "true", PUBLIC_URL })).toEqual([400, false]);
    },
  );
});
