import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { toBase64, utf8 } from "../../../src/base/bytes.ts";
import { applyTogether } from "../../../src/db/directory.ts";
import { openDb } from "../../../src/db/open.ts";
import { noMembers, putSet } from "../../../src/db/sets.ts";
import { expiries } from "../../../src/jobs/kinds/expiries.ts";
import { masked } from "../../../src/mdm/secrets.ts";
import { buildSignedData } from "../../../src/pki/cms/sign.ts";
import { verifySignedData } from "../../../src/pki/cms/verify.ts";
import { toPem } from "../../../src/pki/pem.ts";
import { readPlist } from "../../../src/plist/read.ts";
import type { PlistValue } from "../../../src/plist/value.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { adminToken, ask, origin, tokenFor } from "../../support/admin.ts";
import type { AppleDevice } from "../../support/apple-device.ts";
import { writeBinary } from "../../support/binary-plist.ts";
import { alarmOf, enrolledDevice } from "../../support/fleet.ts";
import { credential, fixture, pemText } from "../../support/pki.ts";

const day = 24 * 60 * 60_000;
let mac: AppleDevice;
const tokens: Record<"viewer" | "operator", string> = { viewer: "", operator: "" };

beforeAll(async () => {
  mac = await enrolledDevice("mac", { managedUser: { shortName: "ada" } });
  await mac.users[0]?.tokenUpdate();
  await alarmOf(mac);
  tokens.viewer = await tokenFor("viewer");
  tokens.operator = await tokenFor("operator");
});

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const at = (identifier: string, more = "") => `/api/v1/profiles/${identifier}${more}`;
const wifi = (SSID_STR: string, more: object = {}) => ({
  PayloadContent: [
    {
      PayloadType: "com.apple.wifi.managed",
      SSID_STR,
      Password: "wifi-secret",
      EncryptionType: "WPA2",
      ...more,
    },
  ],
});
const put = (identifier: string, json: object, more = "") =>
  ask("PUT", at(identifier, more), { json, token: tokens.operator });
const upload = (path: string, body: Uint8Array, type = "application/x-apple-aspen-config", method = "PUT") =>
  ask(method, path, { body: body as BodyInit, headers: { "Content-Type": type } });

const treeOf = (plist: Uint8Array): PlistValue => {
  const read = readPlist(plist);
  if (!read.ok) throw new Error(read.refusal.reason);
  return read.value;
};

const webClip = (identifier: string) => ({
  PayloadType: "Configuration",
  PayloadVersion: 1,
  PayloadIdentifier: identifier,
  PayloadUUID: uuid(1),
  PayloadDisplayName: "Web clip",
  RemovalDate: new Date("2040-01-01T00:00:00Z"),
  PayloadContent: [
    {
      PayloadType: "com.apple.webClip.managed",
      PayloadVersion: 1,
      PayloadIdentifier: `${identifier}.clip`,
      PayloadUUID: uuid(2),
      URL: "https://example.com",
      Label: "Intranet",
      Icon: Uint8Array.of(1, 2, 3),
    },
  ],
});

describe("a profile of the library", () => {
  test("is written in JSON with what matters alone, and read back whole", async () => {
    const made = await put("com.example.wifi", wifi("Office"));

    expect(made.status, made.text).toBe(201);
    expect(made.headers.get("Location")).toBe("/api/v1/profiles/com.example.wifi");
    expect(made.json).toMatchObject({
      identifier: "com.example.wifi",
      version: 1,
      outcome: "added",
      payload_types: ["com.apple.wifi.managed"],
      variables: [],
      signature: null,
      encrypted: false,
      warnings: [],
    });
    const { json } = await ask("GET", at("com.example.wifi"));
    expect(json.profile).toMatchObject({
      PayloadIdentifier: "com.example.wifi",
      PayloadType: "Configuration",
      PayloadUUID: made.json.uuid,
      PayloadContent: [
        {
          SSID_STR: "Office",
          Password: "wifi-secret",
          PayloadIdentifier: "com.example.wifi.com.apple.wifi.managed",
          PayloadVersion: 1,
        },
      ],
    });
    const again = await put("com.example.wifi", json.profile);
    expect([again.status, again.json.version, again.json.outcome]).toEqual([200, 1, "unchanged"]);
    const other = await put("com.example.wifi", wifi("Lab"));
    expect([other.status, other.json.version, other.json.outcome]).toEqual([200, 2, "changed"]);
    expect(other.json.uuid).not.toBe(made.json.uuid);
  });

  test("is uploaded as XML, binary or signed, and handed out as the file it was", async () => {
    const identifier = "com.example.clip";
    const xml = writePlist(webClip(identifier));
    const signed = await buildSignedData({ signer: credential("authority"), content: xml });

    const asXml = await upload(at(identifier), xml);
    const asSigned = await upload(at(identifier), signed);
    const asPem = await upload(at(identifier), utf8(toPem("PKCS7", signed)), "application/octet-stream");
    const asBinary = await upload(at(identifier), writeBinary(treeOf(writePlist(webClip(identifier)))));

    expect(
      [asXml, asSigned, asPem, asBinary].map(({ status }) => status),
      asXml.text,
    ).toEqual([201, 200, 200, 200]);
    expect(asXml.json.signature).toBeNull();
    expect(asSigned.json).toMatchObject({
      version: 1,
      outcome: "unchanged",
      signature: { subject: credential("authority").certificate.subjectText },
    });
    expect(asPem.json.outcome).toBe("unchanged");
    expect(asBinary.json.outcome, "another form says the same").toBe("unchanged");
    expect((await ask("GET", at(identifier))).json.profile).toMatchObject({
      RemovalDate: "2040-01-01T00:00:00Z",
      PayloadContent: [{ Icon: "AQID" }],
    });

    const bare = await ask("GET", at(identifier, "?format=mobileconfig&signed=false"));
    expect(bare.text).toBe(new TextDecoder().decode(xml));
    expect(bare.headers.get("Content-Disposition")).toContain('filename="com.example.clip.mobileconfig"');
    const answer = await ask("GET", at(identifier), {
      headers: { Accept: "application/x-apple-aspen-config" },
    });
    expect(answer.headers.get("Content-Type")).toBe("application/x-apple-aspen-config");
    expect(answer.text.startsWith("<?xml"), "it is signed").toBe(false);
  });

  test("whose signature does not hold is refused, as is what is no profile", async () => {
    const identifier = "com.example.forged";
    const content = writePlist(webClip(identifier));
    const signed = await buildSignedData({ signer: credential("authority"), content });
    const place = Buffer.from(signed).indexOf("Intranet");
    signed[place] = 0x69;
    const cases: [Uint8Array, string, string][] = [
      [signed, "", "bad-signature"],
      [utf8("<plist><dict><key>a</key></dict></plist>"), "", "not-a-plist"],
      [utf8("nothing"), "", "not-a-plist"],
      [writePlist([1]), "", "not-a-profile"],
      [writePlist(webClip("com.example.other")), "/PayloadIdentifier", "other-identifier"],
      [writePlist({ ...webClip(identifier), PayloadUUID: "" }), "/PayloadUUID", "missing-key"],
      [writePlist({ ...webClip(identifier), More: new Uint8Array(800_000) }), "", "too-large"],
    ];

    for (const [file, pointer, code] of cases) {
      const { status, json } = await upload(at(identifier), file);
      expect([status, json.errors?.[0]?.pointer, json.errors?.[0]?.code], code).toEqual([400, pointer, code]);
    }
    expect((await upload(at(identifier), new Uint8Array(2_100_000))).status).toBe(413);
    expect((await ask("GET", at(identifier))).status).toBe(404);
  });

  test("that no device takes is refused with all errors, unless the caller wants it anyway", async () => {
    const bad = {
      PayloadScope: "Everybody",
      PayloadContent: [
        {
          PayloadType: "com.apple.wifi.managed",
          SSID_STR: 5,
          PayloadCertificateUUID: uuid(9),
          PayloadVersion: 2,
        },
      ],
    };

    const strict = await put("com.example.bad", bad);
    const warned = await put("com.example.bad", bad, "?validate=warn");
    const off = await put("com.example.off", bad, "?validate=off");

    expect(strict.status).toBe(400);
    expect(
      strict.json.errors.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer]),
    ).toEqual([
      ["not-in-list", "/PayloadScope"],
      ["wrong-type", "/PayloadContent/0/SSID_STR"],
      ["not-in-list", "/PayloadContent/0/PayloadVersion"],
      ["unknown-reference", "/PayloadContent/0/PayloadCertificateUUID"],
    ]);
    expect(warned.status).toBe(201);
    expect(warned.json.warnings.length).toBe(4);
    expect([off.status, off.json.warnings]).toEqual([201, []]);
    const enrollment = { PayloadContent: [{ PayloadType: "com.apple.mdm" }] };
    const refused = await put("com.example.mdm", enrollment, "?validate=off");
    expect([refused.status, refused.json.errors[0].code]).toEqual([400, "mdm-in-library"]);
    const nothing = await put("com.example.null", { PayloadContent: [{ PayloadType: "x", a: null }] });
    expect(nothing.json.errors).toMatchObject([{ code: "null-value", pointer: "/PayloadContent/0/a" }]);
    const odd = await put("com.example.odd", {
      PayloadContent: [{ PayloadType: "x", text: "\u007f\ufffd", date: { $date: "9999-12-31T23:59:59Z" } }],
    });
    expect(odd.status).toBe(201);
    expect((await ask("GET", at("com.example.odd"))).status).toBe(200);
    const nul = await put("com.example.nul", { PayloadContent: [{ PayloadType: "x", list: ["a\u0000"] }] });
    expect(nul.json.errors).toMatchObject([
      { code: "forbidden-character", pointer: "/PayloadContent/0/list/0" },
    ]);
    const large = { PayloadContent: [{ PayloadType: "x", n: { $integer: "99999999999999999999" } }] };
    expect((await put("com.example.large", large)).json.errors).toMatchObject([{ code: "bad-tag" }]);
    for (const content of ["x", [1], [[]], { a: 1 }, [{ PayloadType: 5 }]])
      expect((await put("com.example.nonsense", { PayloadContent: content })).status).toBe(400);
  });

  test("shows its secrets to admins alone, and leaves a trace of that", async () => {
    const identifier = "com.example.secret";
    await put(identifier, wifi("Office"));

    const [viewed, seen] = await Promise.all([
      ask("GET", at(identifier), { token: tokens.viewer }),
      ask("GET", at(identifier)),
    ]);
    const file = await ask("GET", at(identifier, "?format=mobileconfig"), { token: tokens.operator });
    const open = await ask("GET", at("com.example.clip", "?format=mobileconfig"), { token: tokens.viewer });
    const { json } = await ask("GET", "/api/v1/audit?limit=20");

    expect(viewed.json.profile.PayloadContent[0].Password).toBe(masked);
    expect(seen.json.profile.PayloadContent[0].Password).toBe("wifi-secret");
    expect([file.status, open.status]).toEqual([403, 200]);
    const sentBack = await put(identifier, viewed.json.profile, "?validate=off");
    expect(sentBack.json.errors, "the mask is no password").toMatchObject([
      { code: "masked-value", pointer: "/PayloadContent/0/Password" },
    ]);
    const reads = json.items.filter((one: { method: string; target: string }) => one.method === "GET");
    expect(reads.map(({ target, role }: { target: string; role: string }) => [target, role])).toContainEqual([
      `profiles/${identifier}`,
      "admin",
    ]);
    expect(reads.every(({ role }: { role: string }) => role === "admin")).toBe(true);
  });

  test("has versions, page by page, and goes back to one of them", async () => {
    const identifier = "com.example.versions";
    for (const name of ["A", "B", "C"]) await put(identifier, wifi(name));

    const first = await ask("GET", at(identifier, "/versions?limit=2"));
    const rest = await ask("GET", at(identifier, `/versions?limit=2&cursor=${first.json.next_cursor}`));
    const back = await ask("POST", at(identifier, "/versions/1/restore"));

    const versions = [...first.json.items, ...rest.json.items].map(({ version }) => version);
    expect(versions).toEqual([3, 2, 1]);
    expect(rest.json.next_cursor).toBeNull();
    expect([back.status, back.json.version, back.json.uuid]).toEqual([200, 4, rest.json.items[0].uuid]);
    expect((await ask("GET", at(identifier))).json.profile.PayloadContent[0].SSID_STR).toBe("A");
    expect((await ask("POST", at(identifier, "/versions/9/restore"))).status).toBe(404);
    expect((await ask("POST", at(identifier, "/versions/x/restore"))).status).toBe(400);
    expect((await ask("GET", at("com.example.none", "/versions"))).status).toBe(404);
  });

  test("is listed, and stays while a set has it", async () => {
    const identifier = "com.example.aaa";
    await put(identifier, wifi("Office"));
    const set = { name: "office", description: "", filter: null };
    const write = (profiles: string[]) =>
      applyTogether(
        openDb(env.DB),
        putSet(openDb(env.DB), { ...set, members: { ...noMembers, profiles } }, Date.now()),
      );
    await write([identifier]);

    const listed = await ask("GET", "/api/v1/profiles?limit=1", { token: tokens.viewer });
    const next = await ask("GET", `/api/v1/profiles?limit=1&cursor=${listed.json.next_cursor}`);
    const refused = await ask("DELETE", at(identifier));
    await write([]);
    const gone = await ask("DELETE", at(identifier));

    expect(listed.json.items).toMatchObject([{ identifier }]);
    expect(next.json.items[0].identifier > identifier).toBe(true);
    expect([refused.status, refused.json.sets]).toEqual([409, ["office"]]);
    expect([gone.status, (await ask("DELETE", at(identifier))).status]).toEqual([204, 404]);
    expect((await put("with a space", {})).status).toBe(400);
  });
});

describe("looking before it leaps", () => {
  const clip = (URL: string) => ({
    PayloadScope: "User",
    PayloadContent: [{ PayloadType: "com.apple.webClip.managed", URL, Label: "{{device.serial_number}}" }],
  });

  test("a profile is judged without being kept: any, and for one device", async () => {
    const body = {
      PayloadIdentifier: "com.example.judged",
      ...clip("https://example.com/{{attribute.team}}"),
    };
    const validate = (query = "") =>
      ask("POST", `/api/v1/profiles/validate${query}`, { json: body, token: tokens.viewer });

    const any = await validate();
    const forMac = await validate(`?device=${mac.id}`);
    const signed = await buildSignedData({
      signer: credential("authority"),
      content: writePlist(webClip("com.example.file")),
    });
    const file = await upload("/api/v1/profiles/validate", signed, "application/pkcs7-mime", "POST");

    expect(any.json).toEqual({
      valid: true,
      variables: ["attribute.team", "device.serial_number"],
      signature: null,
      findings: [],
    });
    expect(forMac.json.valid).toBe(false);
    expect(forMac.json.findings.map(({ code }: { code: string }) => code).toSorted()).toEqual([
      "missing-variable",
      "scope-channel",
      "wrong-channel",
    ]);
    expect(forMac.json.findings.every(({ remedy }: { remedy: string }) => remedy.length > 10)).toBe(true);
    expect(file.json).toMatchObject({ valid: true, signature: { subject: expect.any(String) } });
    expect((await validate("?device=nobody")).status).toBe(404);
    expect((await ask("GET", at("com.example.judged"))).status).toBe(404);
  });

  test("an enrollment profile is judged by the rules of the MDM payload", async () => {
    const json = {
      PayloadIdentifier: "com.example.enroll",
      PayloadContent: [
        {
          PayloadType: "com.apple.mdm",
          Topic: "x",
          ServerURL: "http://x",
          AccessRights: 2,
          IdentityCertificateUUID: uuid(4),
        },
      ],
    };

    const { json: verdict } = await ask("POST", "/api/v1/profiles/validate", { json });

    expect(
      verdict.findings.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer]),
    ).toEqual([
      ["bad-format", "/PayloadContent/0/ServerURL"],
      ["unknown-reference", "/PayloadContent/0/IdentityCertificateUUID"],
      ["bad-topic", "/PayloadContent/0/Topic"],
      ["bad-url", "/PayloadContent/0/ServerURL"],
      ["bad-access-rights", "/PayloadContent/0/AccessRights"],
      ["no-user-connections", "/PayloadContent/0/ServerCapabilities"],
    ]);
  });

  test("it is shown filled in for one device and channel", async () => {
    const identifier = "com.example.preview";
    await put(identifier, {
      ...clip("https://example.com/{{attribute.team}}/{{user.short_name}}"),
      PayloadDisplayName: "For {{user.long_name}}",
    });
    const [user] = mac.users;
    const preview = (more = "") =>
      ask("GET", at(identifier, `/preview?device=${mac.id}${more}`), { token: tokens.viewer });

    const bare = await preview();
    await ask("PATCH", `/api/v1/devices/${mac.id}`, { json: { attributes: { team: "blue" } } });
    const whole = await preview(`&channel=${user?.id}`);
    const file = await preview(`&channel=${user?.id}&format=mobileconfig&signed=false`);
    const refused = await preview("&format=mobileconfig");

    expect(bare.json).toMatchObject({
      missing: ["attribute.team", "user.long_name", "user.short_name"],
      profile: null,
    });
    expect(whole.status, whole.text).toBe(200);
    expect(whole.json).toMatchObject({ identifier, version: 1, missing: [], warnings: [] });
    expect(whole.json.profile).toMatchObject({
      PayloadUUID: whole.json.uuid,
      PayloadContent: [{ URL: "https://example.com/blue/ada", Label: mac.hardware.serialNumber }],
    });
    expect(file.text).toContain(`<string>${whole.json.uuid}</string>`);
    expect([refused.status, (await ask("GET", at("com.example.none", `/preview?device=x`))).status]).toEqual([
      409, 404,
    ]);
  });
});

describe("a profile of the library in a command", () => {
  const order = (payload: object) =>
    ask("POST", `/api/v1/devices/${mac.id}/commands?push=false`, {
      json: { request_type: "InstallProfile", payload },
    });

  test("is filled in for the device, encrypted where that was asked, and installed", async () => {
    const identifier = "com.example.command";
    await put(identifier, wifi("Net {{device.serial_number}}"), "?encrypt=true");

    const given = await order({ profile: identifier });
    await mac.converse();

    expect(given.status, given.text).toBe(201);
    const installed = mac.profiles.get(identifier);
    expect(installed).toMatchObject({ encrypted: true });
    expect(installed?.payloads[0]?.get("SSID_STR")).toBe(`Net ${mac.hardware.serialNumber}`);
    expect(installed?.signerCertificates.length).toBe(1);
    const preview = await ask("GET", at(identifier, `/preview?device=${mac.id}`));
    expect(installed?.uuid).toBe(preview.json.uuid);
    expect(installed?.uuid).not.toBe((await ask("GET", at(identifier))).json.uuid);
  });

  test.each([
    ["the largest", 1_000_000, ""],
    ["the largest encrypted one", 750_000, "?encrypt=true"],
  ])("fits into a command: %s", async (_, size, more) => {
    const identifier = `com.example.large${size}`;
    const empty = writePlist(webClip(identifier)).length;
    const Note = "x".repeat(size - empty - 60);
    const file = writePlist({ ...webClip(identifier), Note });

    const kept = await upload(at(identifier, more), file);
    const given = await order({ profile: identifier });

    expect(file.length).toBeGreaterThan(size - 100);
    expect([kept.status, given.status], kept.text + given.text.slice(0, 500)).toEqual([201, 201]);
    await mac.converse();
    expect(mac.profiles.has(identifier)).toBe(true);
  });

  test("is refused where it cannot be had, and says why", async () => {
    await put("com.example.lacking", wifi("{{attribute.ssid}}"));
    const cases: [object, string][] = [
      [{ profile: "com.example.lacking" }, "attribute.ssid"],
      [{ profile: "com.example.nobody" }, "PUT it to /api/v1/profiles/com.example.nobody"],
      [{ profile: "com.example.wifi", Payload: "AQID" }, "cannot be used together with Payload"],
      [{ profile: 5 }, "must be the identifier"],
    ];

    for (const [payload, words] of cases) {
      const { status, json } = await order(payload);
      expect([status, json.errors[0].pointer], words).toEqual([400, "/payload/profile"]);
      expect(json.errors[0].detail).toContain(words);
    }
  });
});

describe("the signer", () => {
  const signerOf = async () => {
    const path = `${origin}${at("com.example.clip", "?format=mobileconfig")}`;
    const answer = await exports.default.fetch(path, { headers: { Authorization: `Bearer ${adminToken}` } });
    const signed = await verifySignedData(new Uint8Array(await answer.arrayBuffer()));
    if (!signed.ok) throw new Error(signed.refusal.reason);
    expect(signed.value.content).toEqual(writePlist(webClip("com.example.clip")));
    return signed.value.signer.subjectText;
  };
  const add = (json: object) => ask("POST", "/api/v1/signing-certificates", { json });

  test("is the authority that issues identities, or the certificate uploaded last", async () => {
    await upload(at("com.example.clip"), writePlist(webClip("com.example.clip")));
    const byAuthority = await signerOf();
    const pem = { certificate: pemText("authority.cert"), private_key: pemText("authority.key") };

    const first = await add(pem);
    const byFirst = await signerOf();
    const second = await add({ pkcs12: toBase64(fixture("elliptic.p12")), password: "geheim" });
    const bySecond = await signerOf();
    const again = await ask("POST", "/api/v1/signing-certificates", {
      body: `${pem.certificate}${pem.private_key}`,
      headers: { "Content-Type": "application/x-pem-file" },
    });
    const listed = await ask("GET", "/api/v1/signing-certificates", { token: tokens.viewer });

    expect([first.status, second.status, again.status], first.text).toEqual([201, 201, 200]);
    expect([byFirst, bySecond]).toEqual([first.json.subject, second.json.subject]);
    expect(byFirst).not.toBe(byAuthority);
    expect(listed.json.items.map(({ id, in_use }: { id: string; in_use: boolean }) => [id, in_use])).toEqual([
      [first.json.id, true],
      [second.json.id, false],
    ]);
    expect(listed.text).not.toContain("PRIVATE KEY");
    expect(await ask("GET", `/api/v1/signing-certificates/${first.json.id}`)).toMatchObject({
      status: 200,
      json: { days_left: expect.any(Number), not_after: expect.any(String) },
    });
    for (const { id } of listed.json.items) await ask("DELETE", `/api/v1/signing-certificates/${id}`);
    expect(await signerOf()).toBe(byAuthority);
    expect((await ask("DELETE", `/api/v1/signing-certificates/${first.json.id}`)).status).toBe(404);
  });

  test("is known to end before it does", async () => {
    const { json } = await add({
      certificate: pemText("authority.cert"),
      private_key: pemText("authority.key"),
    });
    const end = Date.parse(json.not_after);
    const told = async (now: number) => {
      await expiries.page(env, "expiring", now);
      const { results } = await env.DB.prepare(
        "SELECT name FROM events WHERE device_id = '' AND json_extract(detail, '$.id') = ? ORDER BY at, id",
      )
        .bind(json.id)
        .all<{ name: string }>();
      return results.map(({ name }) => name);
    };

    expect(await told(end - 40 * day)).toEqual([]);
    await told(end - 29 * day);
    expect(await told(end - 28 * day)).toEqual(["signing_certificate.expiring"]);
    await told(end);
    expect(await told(end + day)).toEqual(["signing_certificate.expiring", "signing_certificate.expired"]);
    await ask("DELETE", `/api/v1/signing-certificates/${json.id}`);
  });

  test("is refused where nobody could believe it", async () => {
    const cases: [object, string, string][] = [
      [{}, "/certificate", "required"],
      [{ certificate: pemText("authority.cert") }, "/private_key", "required"],
      [
        { certificate: pemText("authority.cert"), private_key: pemText("device.key") },
        "/private_key",
        "mismatch",
      ],
      [{ certificate: pemText("weak.cert"), private_key: pemText("weak.key") }, "/certificate", "unfit"],
      [{ pkcs12: toBase64(fixture("elliptic.p12")), password: "wrong" }, "/password", "wrong-password"],
    ];

    for (const [json, pointer, code] of cases)
      expect((await add(json)).json.errors, code).toMatchObject([{ pointer, code }]);
  });
});
