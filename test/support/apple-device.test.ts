import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { beforeEach, describe, expect, test } from "vitest";
import { writePlist } from "../../src/plist/write.ts";
import { keyUsageBits, readCertificate } from "./apple-device/certificate.ts";
import { macSignature, mobileSignature, signedData } from "./apple-device/cms.ts";
import { type Bytes, fromBase64, hex, read, text } from "./apple-device/der.ts";
import { FakeServer, type Heard, newAuthority, newIdentity, sha1 } from "./apple-device/fake-server.ts";
import { newKey, pooledKey } from "./apple-device/keys.ts";
import { dictionary, plistOf } from "./apple-device/plist.ts";
import {
  type AppleDevice,
  type AppleDeviceOptions,
  appleDevice,
  type FlavourName,
  seededRandom,
} from "./apple-device.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const topic = "com.apple.mgmt.External.test";
const serverUrl = "https://mdm.example.com/mdm";
const scepUrl = "https://mdm.example.com/scep";

let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer(await newAuthority("Test CA", now), now);
});

const device = (flavour: FlavourName, options: Partial<AppleDeviceOptions> = {}): AppleDevice =>
  appleDevice(flavour, {
    transport: server.transport,
    now: () => now,
    random: seededRandom(`${flavour} under test`),
    ...options,
  });

const source = { serverUrl, scepUrl, topic, challenge: "one-time" };

async function enrolled(
  flavour: FlavourName,
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const fresh = device(flavour, options);
  await fresh.enroll(source);
  server.heard.length = 0;
  return fresh;
}

const said = (heard: Heard | undefined) =>
  Object.fromEntries(dictionary(plistOf(heard?.body ?? new Uint8Array()), "body"));
const saidAll = () => server.heard.filter(({ url }) => url.pathname === "/mdm").map(said);

const command = (uuid: string, requestType: string, more: Record<string, string | Uint8Array> = {}) =>
  new Response(writePlist({ CommandUUID: uuid, Command: { RequestType: requestType, ...more } }));

/** Answers connects with these, one after the other, then with nothing. */
function queue(...answers: (() => Response)[]): void {
  server.script = () => answers.shift()?.() ?? new Response(null);
}

async function verifiedByPkijs(cms: Bytes, detached?: Bytes): Promise<boolean> {
  const contentInfo = pkijs.ContentInfo.fromBER(cms);
  const signed = new pkijs.SignedData({ schema: contentInfo.content });
  return signed.verify({ signer: 0, checkChain: false, ...(detached ? { data: detached.buffer } : {}) });
}

describe("Mdm-Signature", () => {
  const body = text("<plist><dict/></plist>");
  const identity = async (type: "RSA-2048" | "P-256" | "P-384") =>
    newIdentity(
      server.authority,
      "device",
      type === "RSA-2048" ? await pooledKey() : await newKey(type),
      now,
    );

  test("a Mac signs with SHA-1, no attributes, one certificate, in indefinite lengths", async () => {
    const signer = await identity("RSA-2048");

    const cms = signedData({ content: body, detached: true, signer, style: macSignature, now });

    expect(hex(cms).slice(0, 8)).toBe("30800609");
    expect(await verifiedByPkijs(cms, body)).toBe(true);
    const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(cms).content });
    const [info] = signed.signerInfos;
    expect(signed.version).toBe(1);
    expect(signed.certificates).toHaveLength(1);
    expect(signed.encapContentInfo.eContent).toBeUndefined();
    expect(info?.signedAttrs).toBeUndefined();
    expect(info?.digestAlgorithm.algorithmId).toBe("1.3.14.3.2.26");
    expect(info?.signatureAlgorithm.algorithmId).toBe("1.2.840.113549.1.1.5");
    expect(info?.signature.valueBlock.valueHexView).toHaveLength(256);
  });

  test("an iPhone signs attributes with a signing time, and SHA-256", async () => {
    const signer = await identity("RSA-2048");

    const cms = signedData({ content: body, detached: true, signer, style: mobileSignature, now });

    expect(await verifiedByPkijs(cms, body)).toBe(true);
    const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(cms).content });
    const types = signed.signerInfos[0]?.signedAttrs?.attributes.map(({ type }) => type);
    expect(types).toContain("1.2.840.113549.1.9.5");
    expect(signed.signerInfos[0]?.digestAlgorithm.algorithmId).toBe("2.16.840.1.101.3.4.2.1");
  });

  test.each(["P-256", "P-384"] as const)("an identity with a %s key signs too", async (curve) => {
    const signer = await identity(curve);

    const cms = signedData({ content: body, detached: true, signer, style: mobileSignature, now });

    expect(await verifiedByPkijs(cms, body)).toBe(true);
    expect(await verifiedByPkijs(cms, text("<plist><dict></dict></plist>")).catch(() => false)).toBe(false);
  });

  test("every message carries it, over exactly the bytes that were sent", async () => {
    const mac = await enrolled("mac");

    await mac.idle();
    await mac.getBootstrapToken();

    expect(server.heard).toHaveLength(2);
    for (const { headers, body: sent } of server.heard) {
      expect(await verifiedByPkijs(fromBase64(headers.get("mdm-signature") ?? ""), sent)).toBe(true);
    }
  });

  test("a profile without SignMessage gets no signature", async () => {
    const mac = device("mac");

    await mac.enroll({ ...source, signMessage: false });

    expect(server.heard.every(({ headers }) => !headers.has("mdm-signature"))).toBe(true);
  });
});

describe("SCEP", () => {
  test("an iPhone asks for CA, then capabilities, then posts a request signed by the key itself", async () => {
    const iphone = device("iphone");

    await iphone.enroll(source);

    expect(
      server.heard.slice(0, 3).map(({ method, url }) => `${method} ${url.searchParams.get("operation")}`),
    ).toEqual(["GET GetCACert", "GET GetCACaps", "POST PKIOperation"]);
    const [message = new Uint8Array()] = server.pkiMessages;
    expect(await verifiedByPkijs(message)).toBe(true);
    const request = asRequest(server.requests[0]);
    expect(await request.verify()).toBe(true);
    expect(request.version).toBe(0);
    const signer = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(message).content })
      .certificates?.[0];
    expect(hex(spkiOf(signer as pkijs.Certificate))).toBe(hex(iphone.identity.key.spki));
    expect(transactionId(message)).toBe(hex(sha1(iphone.identity.key.spki.slice(24))).toUpperCase());
  });

  test("a Mac signs with another key, writes version 2 and an envelope in indefinite lengths", async () => {
    const mac = device("mac");

    await mac.enroll(source);

    const [message = new Uint8Array()] = server.pkiMessages;
    expect(await verifiedByPkijs(message)).toBe(true);
    const request = asRequest(server.requests[0]);
    expect(await request.verify()).toBe(true);
    expect(request.version).toBe(2);
    const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(message).content });
    const signer = signed.certificates?.[0] as pkijs.Certificate;
    expect(hex(spkiOf(signer))).not.toBe(hex(mac.identity.key.spki));
    expect(signer.subject.typesAndValues[0]?.value.valueBlock.value).toBe("MDM SCEP SIGNER");
    const envelope = new Uint8Array(signed.encapContentInfo.eContent?.getValue() ?? new ArrayBuffer());
    expect(hex(envelope).slice(0, 4)).toBe("3080");
  });

  test("without capabilities it sends a GET, 3DES and SHA-1, and leaves plus signs alone", async () => {
    server.habits.caps = "";
    const iphone = device("iphone");

    await iphone.enroll(source);

    const sent = server.heard.find(({ url }) => url.searchParams.get("operation") === "PKIOperation");
    expect(sent?.method).toBe("GET");
    expect(sent?.url.search).toMatch(/\+/);
    expect(sent?.url.search).not.toMatch(/%2[BF]/);
    const signed = new pkijs.SignedData({
      schema: pkijs.ContentInfo.fromBER(server.pkiMessages[0] ?? new Uint8Array()).content,
    });
    expect(signed.signerInfos[0]?.digestAlgorithm.algorithmId).toBe("1.3.14.3.2.26");
  });

  test.each([
    [
      "a content type with parameters",
      22004,
      (s: FakeServer) => (s.habits.certificateType += "; charset=binary"),
    ],
    ["capabilities without a digest", 22006, (s: FakeServer) => (s.habits.caps = "AES\nPOSTPKIOperation")],
    ["a refusal", 22013, (s: FakeServer) => (s.habits.status = "2")],
    ["a reply without a certificate", 22007, (s: FakeServer) => (s.habits.certificates = () => [])],
    [
      "the CA certificate in front of its own",
      22008,
      (s: FakeServer) => (s.habits.certificates = (own) => [s.authority.certificate, own]),
    ],
  ])("%s ends in error %i", async (_what, code, spoil) => {
    spoil(server);

    await expect(device("ipad").enroll(source)).rejects.toMatchObject({ name: "ScepFailure", code });
  });

  test("a reply signed by another certificate than GetCACert's is refused", async () => {
    server.habits.signer = await newIdentity(server.authority, "imposter", await pooledKey(), now);

    await expect(device("ipad").enroll(source)).rejects.toMatchObject({ code: 22013 });
  });

  test("a pending request is polled for with its transaction until it is granted", async () => {
    server.habits.pending = 2;
    const waits: number[] = [];
    const iphone = device("iphone", { pause: async (ms) => void waits.push(ms) });

    await iphone.enroll(source);

    expect(waits).toEqual([10_000, 10_000]);
    expect(new Set(server.pkiMessages.map(transactionId)).size).toBe(1);
    expect(server.pkiMessages).toHaveLength(3);
  });

  test("the issued certificate is for the key and allows what identities need", async () => {
    const iphone = await enrolled("iphone");

    const certificate = readCertificate(iphone.identity.certificate);

    expect(hex(certificate.spki)).toBe(hex(iphone.identity.key.spki));
    expect(certificate.keyUsage).toBe(keyUsageBits.digitalSignature | keyUsageBits.keyEncipherment);
    expect(certificate.isCa).toBe(false);
  });
});

const asRequest = (der: Bytes | undefined): pkijs.CertificationRequest =>
  new pkijs.CertificationRequest({ schema: asn1js.fromBER(der ?? new Uint8Array()).result });

const spkiOf = (certificate: pkijs.Certificate): Uint8Array =>
  new Uint8Array(certificate.subjectPublicKeyInfo.toSchema().toBER());

function transactionId(message: Bytes): string {
  const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(message).content });
  const found = signed.signerInfos[0]?.signedAttrs?.attributes.find(({ type }) =>
    type.endsWith("113733.1.9.7"),
  );
  return found?.values[0].valueBlock.value;
}

describe("enrolling", () => {
  test("an iPhone authenticates, then brings its push and unlock tokens", async () => {
    await device("iphone").enroll(source);

    const [authenticate, tokenUpdate, ...more] = saidAll();
    expect(authenticate).toMatchObject({ MessageType: "Authenticate", Topic: topic, OSVersion: "18.2" });
    expect(authenticate).toHaveProperty("IMEI");
    expect(authenticate).not.toHaveProperty("DeviceName");
    expect(tokenUpdate).toMatchObject({ MessageType: "TokenUpdate", UDID: authenticate?.UDID });
    expect(tokenUpdate).toHaveProperty("UnlockToken");
    expect(tokenUpdate).toHaveProperty("AwaitingConfiguration", false);
    expect(more).toEqual([]);
  });

  test("a Mac also brings its user, under the same identity", async () => {
    await device("mac").enroll(source);

    const [authenticate, tokenUpdate, user] = saidAll();
    expect(authenticate).toMatchObject({ MessageType: "Authenticate", ModelName: "MacBook Pro" });
    expect(tokenUpdate).not.toHaveProperty("UnlockToken");
    expect(user).toMatchObject({
      MessageType: "TokenUpdate",
      UDID: authenticate?.UDID,
      UserShortName: "jo",
      NotOnConsole: false,
    });
    expect(user?.PushMagic).not.toBe(tokenUpdate?.PushMagic);
  });

  test("an ADE Mac is held in Setup Assistant and has no user yet", async () => {
    const mac = device("mac", { ade: true });

    await mac.enroll(source);

    expect(saidAll()).toHaveLength(2);
    expect(saidAll()[1]).toMatchObject({ AwaitingConfiguration: true });
  });

  test("user enrollment shows an EnrollmentID and nothing that names the hardware", async () => {
    const iphone = device("iphone", { userEnrollment: true });

    await iphone.enroll(source);
    const first = iphone.id;
    await iphone.enroll(source);

    const [authenticate, tokenUpdate] = saidAll();
    expect(authenticate).toMatchObject({ EnrollmentID: first, ProductName: "iPhone16,2" });
    for (const key of ["UDID", "SerialNumber", "IMEI"]) expect(authenticate).not.toHaveProperty(key);
    expect(tokenUpdate).not.toHaveProperty("UnlockToken");
    expect(iphone.id).not.toBe(first);
  });

  test("without the right to device information it does not tell its serial number", async () => {
    await device("iphone").enroll({ ...source, accessRights: 8191 - 16 - 4 });

    const [authenticate, tokenUpdate] = saidAll();
    expect(authenticate).not.toHaveProperty("SerialNumber");
    expect(authenticate).not.toHaveProperty("OSVersion");
    expect(tokenUpdate).not.toHaveProperty("UnlockToken");
  });

  test("a refused Authenticate leaves nothing installed", async () => {
    server.script = () => new Response(null, { status: 403 });
    const iphone = device("iphone");

    const enrolling = iphone.enroll(source);

    await expect(enrolling).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    expect(iphone.isEnrolled).toBe(false);
  });

  test.each([
    ["is refused", () => new Response(null, { status: 500 })],
    [
      "gets no answer",
      () => {
        throw new Error("the connection broke");
      },
    ],
  ])("a renewal that %s leaves the identity it had", async (_what, answer) => {
    const iphone = await enrolled("iphone");
    const before = iphone.identity;
    server.script = answer;

    await expect(iphone.renewIdentity({ challenge: "another" })).rejects.toThrow();

    expect(iphone.identity).toBe(before);
    expect(iphone.isEnrolled).toBe(true);
  });

  test("renewed in place it only shows the new certificate from then on", async () => {
    const mac = await enrolled("mac");

    const before = await mac.renewIdentity({ challenge: "another", authenticate: false });

    expect(saidAll()).toEqual([]);
    expect(mac.identity).not.toBe(before);
  });

  test("an identity that came another way needs no SCEP", async () => {
    const iphone = device("iphone");
    const identity = await newIdentity(server.authority, "attested", await newKey("P-256"), now);

    await iphone.enroll({ serverUrl, topic, identity });

    expect(server.pkiMessages).toEqual([]);
    const signature = fromBase64(server.heard[0]?.headers.get("mdm-signature") ?? "");
    expect(await verifiedByPkijs(signature, server.heard[0]?.body)).toBe(true);
  });
});

describe("the enrollment profile", () => {
  const profile = (mdm: object = {}, scep: object = {}) =>
    writePlist({
      PayloadType: "Configuration",
      PayloadVersion: 1,
      PayloadIdentifier: "com.example.enroll",
      PayloadUUID: "P",
      PayloadContent: [
        {
          PayloadType: "com.apple.security.scep",
          PayloadVersion: 1,
          PayloadIdentifier: "com.example.enroll.scep",
          PayloadUUID: "S",
          PayloadContent: {
            URL: scepUrl,
            Challenge: "from the profile",
            Keysize: 2048,
            "Key Usage": 5,
            Subject: [[["O", "Example"]], [["CN", "a device"]]],
            CAFingerprint: sha1(server.authority.certificate),
            ...scep,
          },
        },
        {
          PayloadType: "com.apple.mdm",
          PayloadVersion: 1,
          PayloadIdentifier: "com.example.enroll.mdm",
          PayloadUUID: "M",
          IdentityCertificateUUID: "S",
          Topic: topic,
          ServerURL: serverUrl,
          CheckInURL: "https://mdm.example.com/mdm/checkin",
          AccessRights: 8191,
          SignMessage: true,
          CheckOutWhenRemoved: true,
          ServerCapabilities: ["com.apple.mdm.per-user-connections"],
          ...mdm,
        },
      ],
    });

  test("says where to check in, whom to trust and what to ask for", async () => {
    const iphone = device("iphone");

    await iphone.enroll({ profile: profile() });
    await iphone.idle();

    expect(server.heard.slice(3).map(({ url }) => url.pathname)).toEqual([
      "/mdm/checkin",
      "/mdm/checkin",
      "/mdm",
    ]);
    expect(readCertificate(iphone.identity.certificate).commonName).toBe("a device");
    const challenge = read(server.requests[0] ?? new Uint8Array())
      .child(0)
      .child(3)
      .child(0);
    expect(Buffer.from(challenge.raw).toString("latin1")).toContain("from the profile");
  });

  test("may be signed", async () => {
    const signer = server.authority;
    const style = { ...mobileSignature, encoding: "der" } as const;
    const signed = signedData({ content: profile(), detached: false, signer, style, now });

    await device("iphone").enroll({ profile: signed });

    expect(saidAll()).toHaveLength(0);
    expect(server.heard.at(-1)?.url.pathname).toBe("/mdm/checkin");
  });

  test.each([
    ["a topic of another kind", { Topic: "com.example" }, /topic/],
    ["plain http", { ServerURL: "http://mdm.example.com/mdm" }, /https/],
    ["rights that do not fit together", { AccessRights: 2 }, /AccessRights 2/],
    ["rights under BYOD", { EnrollmentMode: "BYOD" }, /AccessRights must be absent/],
    ["an identity that is not there", { IdentityCertificateUUID: "X" }, /names no payload/],
  ])("with %s is refused", async (_what, mdm, reason) => {
    await expect(device("iphone").enroll({ profile: profile(mdm) })).rejects.toThrow(reason);
    expect(server.heard).toHaveLength(0);
  });

  test("of another CA than its fingerprint says is refused", async () => {
    const wrong = profile({}, { CAFingerprint: new Uint8Array(20) });

    await expect(device("iphone").enroll({ profile: wrong })).rejects.toMatchObject({ code: 22003 });
  });

  test("arriving by command renews the identity before it is acknowledged", async () => {
    const iphone = device("iphone");
    await iphone.enroll({ profile: profile() });
    const before = iphone.identity;
    server.heard.length = 0;
    queue(
      () => command("1", "InstallProfile", { Payload: profile() }),
      ...Array(2).fill(() => new Response(null)),
    );

    const [turn] = await iphone.converse();

    expect(turn?.report.status).toBe("Acknowledged");
    expect(iphone.identity).not.toBe(before);
    const paths = server.heard.map(({ url }) => url.pathname);
    expect(paths).toEqual(["/mdm", "/scep", "/scep", "/scep", "/mdm/checkin", "/mdm/checkin", "/mdm"]);
  });

  test("with another server or more rights does not replace the first", async () => {
    const iphone = device("iphone");
    await iphone.enroll({ profile: profile({ AccessRights: 1 }) });

    await expect(iphone.renewIdentity({ profile: profile() })).rejects.toThrow(/may not add rights/);
    await expect(
      iphone.renewIdentity({ profile: profile({ AccessRights: 1, ServerURL: "https://elsewhere.example" }) }),
    ).rejects.toThrow(/may not change serverUrl/);
  });
});

describe("connecting", () => {
  test("a conversation goes on until the answer is empty", async () => {
    const iphone = await enrolled("iphone");
    queue(
      () => command("1", "ProfileList"),
      () => command("2", "MakeCoffee"),
    );

    const turns = await iphone.converse();

    expect(turns.map(({ command: { uuid }, report }) => [uuid, report.status])).toEqual([
      ["1", "Acknowledged"],
      ["2", "Error"],
    ]);
    expect(saidAll().map(({ Status }) => Status)).toEqual(["Idle", "Acknowledged", "Error"]);
    expect(saidAll()[2]?.ErrorChain).toHaveLength(1);
  });

  test("while the server has trouble the same bytes are sent again", async () => {
    const iphone = await enrolled("iphone");
    queue(
      () => new Response(null, { status: 503 }),
      () => {
        throw new Error("the connection broke");
      },
    );

    const answer = await iphone.acknowledge("1");

    expect(answer.status).toBe(200);
    expect(server.heard).toHaveLength(3);
    expect(new Set(server.heard.map(({ body }) => hex(body))).size).toBe(1);
  });

  test("a result that was not taken is kept for the next conversation", async () => {
    const iphone = await enrolled("iphone");
    server.script = () => new Response(null, { status: 400 });
    await iphone.acknowledge("1", { Result: "precious" });
    queue();

    await iphone.converse();

    expect(saidAll().map(({ Result }) => Result)).toEqual(["precious", "precious"]);
    expect(iphone.unsent).toBeUndefined();
  });

  test("a locked iPhone puts off what needs it unlocked, and polls only if that was its last word", async () => {
    const iphone = await enrolled("iphone");
    iphone.lock();
    queue(() => command("1", "InstallProfile"));
    await iphone.converse();
    const afterNotNow = iphone.pollsByItself;
    queue(
      () => command("1", "InstallProfile"),
      () => command("2", "DeviceInformation", {}),
    );

    const turns = await iphone.converse();

    expect(afterNotNow).toBe(true);
    expect(turns.map(({ report }) => report.status)).toEqual(["NotNow", "CommandFormatError"]);
    expect(iphone.pollsByItself).toBe(false);
  });

  test("a Mac in Power Nap puts off all but a few", async () => {
    const mac = await enrolled("mac");
    mac.state.situation.powerNap = true;
    queue(
      () => command("1", "SecurityInfo"),
      () => command("2", "UserList"),
    );

    const turns = await mac.converse();

    expect(turns.map(({ report }) => report.status)).toEqual(["NotNow", "Acknowledged"]);
  });

  test("redirects are followed with the same method and bytes", async () => {
    const iphone = await enrolled("iphone");
    server.script = ({ url }) =>
      url.pathname === "/mdm"
        ? new Response(null, { status: 301, headers: { location: "/elsewhere" } })
        : new Response(null);

    await iphone.idle();

    expect(server.heard.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      "PUT /mdm",
      "PUT /elsewhere",
    ]);
  });
});

describe("what an answer does to the enrollment", () => {
  test("a 401 makes the device drop its profile", async () => {
    const iphone = await enrolled("iphone");
    server.script = () => new Response(null, { status: 401 });

    await iphone.idle();

    expect(iphone.isEnrolled).toBe(false);
    await expect(iphone.idle()).rejects.toThrow("the device dropped its profile: the server answered 401");
  });

  test.each([
    ["JSON", "application/json", JSON.stringify({ code: "com.apple.unrecognized.device" })],
    ["a property list", "application/xml", writePlist({ code: "com.apple.unrecognized.device" })],
  ])("so does a 403 with the document for unknown devices, as %s", async (_form, type, body) => {
    const mac = await enrolled("mac");
    server.script = () => new Response(body, { status: 403, headers: { "content-type": type } });

    await mac.idle();

    expect(mac.endedBy).toContain("com.apple.unrecognized.device");
  });

  test("a system too old for such documents only fails", async () => {
    const old = await enrolled("oldIphone");
    server.script = () => Response.json({ code: "com.apple.unrecognized.device" }, { status: 403 });

    await old.idle();

    expect(old.isEnrolled).toBe(true);
  });

  test.each([
    ["no document", undefined, "text/plain"],
    ["a document under the wrong content type", { code: "com.apple.unrecognized.device" }, "text/plain"],
    ["another code", { code: "com.apple.softwareupdate.required" }, "application/json"],
  ])("a 403 with %s does not", async (_what, document, type) => {
    const mac = await enrolled("mac");
    server.script = () =>
      new Response(document && JSON.stringify(document), { status: 403, headers: { "content-type": type } });

    await mac.idle();

    expect(mac.isEnrolled).toBe(true);
  });

  test("an account-driven device told to sign in again stays enrolled", async () => {
    const iphone = device("iphone", { userEnrollment: true });
    await iphone.enroll({ ...source, accessToken: "secret" });
    server.script = () =>
      new Response(null, { status: 401, headers: { "www-authenticate": 'Bearer method="apple-as-web"' } });

    await iphone.idle();

    expect(server.heard.at(-1)?.headers.get("authorization")).toBe("Bearer secret");
    expect(iphone.isEnrolled).toBe(true);
    expect(iphone.line.mustSignIn).toBe(true);
  });

  test("a 410 to a user's TokenUpdate stops that user until the next login", async () => {
    const ipad = await enrolled("sharedIpad");
    server.script = () => new Response(null, { status: 410 });
    const user = ipad.user({ shortName: "jo@example.com" });

    await user.login();

    expect(user.declined).toBe(true);
    await expect(user.idle()).rejects.toThrow("declined jo@example.com");
    expect(said(server.heard[0])).toMatchObject({
      UserID: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
      UserShortName: "jo@example.com",
    });
    expect((await ipad.idle()).status).toBe(410);
    server.script = () => new Response(null);
    await user.login();
    expect(user.declined).toBe(false);
  });

  test("a directory user's token goes into every later message", async () => {
    const mac = await enrolled("mac");
    server.script = ({ body }) =>
      Buffer.from(body).includes("DigestResponse")
        ? new Response(writePlist({ AuthToken: "token" }))
        : new Response(writePlist({ DigestChallenge: 'Digest nonce="1",realm="2"' }));
    const user = mac.user({ shortName: "kim", directory: true });

    const first = await user.login();
    await user.userAuthenticate('Digest username="kim"');
    server.script = () => new Response(null);
    await user.idle();

    expect(first.status).toBe(200);
    expect(saidAll().map(({ MessageType, AuthToken }) => [MessageType, AuthToken])).toEqual([
      ["UserAuthenticate", undefined],
      ["UserAuthenticate", undefined],
      [undefined, "token"],
    ]);
  });
});

describe("leaving", () => {
  test("RemoveProfile of its own profile is acknowledged, then it checks out", async () => {
    const iphone = await enrolled("iphone");
    queue(() => command("1", "RemoveProfile", { Identifier: "com.example.enrollment" }));

    await iphone.converse();

    expect(saidAll().map(({ Status, MessageType }) => Status ?? MessageType)).toEqual([
      "Idle",
      "Acknowledged",
      "CheckOut",
    ]);
    expect(iphone.isEnrolled).toBe(false);
  });

  test("an erased device falls silent", async () => {
    const iphone = await enrolled("iphone");
    queue(
      () => command("1", "EraseDevice"),
      () => command("2", "ProfileList"),
    );

    await iphone.converse();

    expect(saidAll().map(({ Status }) => Status)).toEqual(["Idle", "Acknowledged"]);
    expect(iphone.endedBy).toBe("it was erased");
  });

  test("a thief speaks with the victim's key about itself", async () => {
    const victim = await enrolled("iphone");
    const thief = await enrolled("ipad", { random: seededRandom("thief") });

    thief.stealIdentityOf(victim);
    await thief.idle();

    const cms = pkijs.ContentInfo.fromBER(fromBase64(server.heard[0]?.headers.get("mdm-signature") ?? ""));
    const [certificate] = new pkijs.SignedData({ schema: cms.content }).certificates ?? [];
    expect(hex(new Uint8Array((certificate as pkijs.Certificate).toSchema(true).toBER()))).toBe(
      hex(victim.identity.certificate),
    );
    expect(said(server.heard[0]).UDID).toBe(thief.hardware.udid);
  });
});
