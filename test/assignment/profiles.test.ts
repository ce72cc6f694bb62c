import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { deliverProfile } from "../../src/assignment/deliver-profile.ts";
import { renderProfile } from "../../src/assignment/render-profile.ts";
import { applyTogether } from "../../src/db/directory.ts";
import { openDb } from "../../src/db/open.ts";
import { findProfile, listProfileVersions } from "../../src/db/profiles.ts";
import { noMembers, putSet } from "../../src/db/sets.ts";
import { openContent } from "../../src/library/profile-content.ts";
import { removeProfile, restoreProfile, saveProfile } from "../../src/library/profiles.ts";
import { openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { ask } from "../support/admin.ts";
import { keepNotes, notes } from "../support/notes.ts";
import { credential } from "../support/pki.ts";

const db = openDb(env.DB);
const now = Date.now();
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

function wifi(identifier: string, { n = 1, ssid = "Office" } = {}) {
  const dict: PlistDict = new Map<string, PlistValue>([
    ["PayloadType", "Configuration"],
    ["PayloadVersion", 1],
    ["PayloadIdentifier", identifier],
    ["PayloadUUID", uuid(n)],
    ["PayloadDisplayName", "Wi-Fi"],
    [
      "PayloadContent",
      [
        new Map([
          ["PayloadType", "com.apple.wifi.managed"],
          ["SSID_STR", ssid],
        ]),
      ],
    ],
  ]);
  return { identifier, content: writePlist(dict), dict, signedBy: null, by: "test" };
}

const rowOf = async (identifier: string) => {
  const row = await findProfile(db, identifier);
  if (!row) throw new Error(`no ${identifier}`);
  return row;
};
const dictOf = (bytes: Uint8Array): PlistDict => {
  const read = readPlist(bytes);
  if (!read.ok || !(read.value instanceof Map)) throw new Error("no dictionary");
  return read.value;
};
const facts = (serial_number: string) => ({ device: { serial_number }, attributes: {} });

beforeAll(async () => {
  await ask("POST", "/api/v1/authorities", { json: { if_none: true } });
});

describe("the library", () => {
  test("gives every other content a version, and the same content none", async () => {
    const identifier = "com.example.versions";
    const first = wifi(identifier);

    expect(await saveProfile(env, first, now)).toMatchObject({ outcome: "added", row: { version: 1 } });
    expect(await saveProfile(env, first, now)).toMatchObject({ outcome: "unchanged", row: { version: 1 } });
    const changed = await saveProfile(env, wifi(identifier, { n: 2, ssid: "Lab" }), now);
    const back = await restoreProfile(env, { identifier, version: 1, by: "test" }, now);

    expect(changed).toMatchObject({ outcome: "changed", row: { version: 2, uuid: uuid(2) } });
    expect(back).toMatchObject({
      ok: true,
      value: { outcome: "changed", row: { version: 3, uuid: uuid(1) } },
    });
    expect(await openContent(env, await rowOf(identifier))).toEqual(first.content);
    expect((await listProfileVersions(db, identifier, 9, undefined)).map(({ version }) => version)).toEqual([
      3, 2, 1,
    ]);
    expect(await restoreProfile(env, { identifier, version: 9, by: "test" }, now)).toMatchObject({
      ok: false,
    });
  });

  test("replaces a PayloadUUID that another content had", async () => {
    const identifier = "com.example.reused";
    await saveProfile(env, wifi(identifier), now);

    const { row } = await saveProfile(env, wifi(identifier, { ssid: "Lab" }), now);

    expect(row.uuid).not.toBe(uuid(1));
    expect(dictOf(await openContent(env, row)).get("PayloadUUID")).toBe(row.uuid);
    expect(await saveProfile(env, wifi(identifier, { ssid: "Lab" }), now)).toMatchObject({
      outcome: "unchanged",
    });
  });

  test("settles two who change it at once, one version each", async () => {
    const identifier = "com.example.race";
    const texts = ["A", "B", "C"].map((ssid, n) => wifi(identifier, { n, ssid }));

    const saved = await Promise.all(texts.map((text) => saveProfile(env, text, now)));

    expect(saved.map(({ row }) => row.version).toSorted()).toEqual([1, 2, 3]);
    expect((await rowOf(identifier)).version).toBe(3);
  });

  test("tells the sets that hold it of a change, and is not deleted while they do", async () => {
    const identifier = "com.example.held";
    const held = { name: "held", description: "", filter: null };
    await saveProfile(env, wifi(identifier), now);
    await applyTogether(db, putSet(db, { ...held, members: { ...noMembers, profiles: [identifier] } }, now));
    await keepNotes();

    await saveProfile(env, wifi(identifier, { n: 2, ssid: "Lab" }), now);

    expect(await notes()).toHaveLength(1);
    expect(await removeProfile(env, identifier)).toEqual({
      ok: false,
      refusal: { reason: "in-use", sets: ["held"], declarations: [] },
    });
    await applyTogether(db, putSet(db, { ...held, members: noMembers }, now));
    expect(await removeProfile(env, identifier)).toEqual({ ok: true, value: undefined });
    expect(await listProfileVersions(db, identifier, 9, undefined)).toEqual([]);
    expect(await removeProfile(env, identifier)).toEqual({ ok: false, refusal: { reason: "unknown" } });
  });
});

describe("a profile for one channel", () => {
  test("is the content as it was kept, where it has no variables", async () => {
    const identifier = "com.example.plain";
    const text = wifi(identifier);
    await saveProfile(env, text, now);

    const rendered = await renderProfile(env, await rowOf(identifier), facts("C02"));

    expect(rendered).toMatchObject({ ok: true, value: { identifier, uuid: uuid(1), bytes: text.content } });
  });

  test("has its variables filled in, and then a UUID and a digest of its own", async () => {
    const identifier = "com.example.filled";
    await saveProfile(env, wifi(identifier, { ssid: "{{device.serial_number}}" }), now);
    const row = await rowOf(identifier);

    const [one, same, other, none] = await Promise.all(
      ["C02", "C02", "C03", ""].map((serial) => renderProfile(env, row, facts(serial))),
    );

    if (!one?.ok || !other?.ok) throw new Error("not filled");
    expect(row.variables).toEqual(["device.serial_number"]);
    expect(new TextDecoder().decode(one.value.bytes)).toContain("<string>C02</string>");
    expect(dictOf(one.value.bytes).get("PayloadUUID")).toBe(one.value.uuid);
    expect(same).toEqual(one);
    expect(new Set([row.uuid, one.value.uuid, other.value.uuid]).size).toBe(3);
    expect(one.value.digest).not.toBe(other.value.digest);
    expect(none).toEqual({ ok: false, refusal: { missing: ["device.serial_number"] } });
  });

  test("goes out signed, and encrypted to its identity where that is asked", async () => {
    const identifier = "com.example.encrypted";
    const text = wifi(identifier);
    await saveProfile(env, text, now);
    const rendered = await renderProfile(env, await rowOf(identifier), facts("C02"));
    if (!rendered.ok) throw new Error("not rendered");
    const device = credential("device");

    const plain = await deliverProfile(env, rendered.value, {}, now);
    const sealed = await deliverProfile(env, rendered.value, { encryptTo: device.certificate.der }, now);
    const refused = await deliverProfile(
      env,
      rendered.value,
      { encryptTo: credential("p256").certificate.der },
      now,
    );

    const [inPlain, inSealed] = await Promise.all(
      [plain, sealed].map((one) => verifySignedData(one.ok ? one.value : new Uint8Array())),
    );
    expect(inPlain).toMatchObject({ ok: true, value: { content: text.content } });
    const outer = dictOf((inSealed?.ok && inSealed.value.content) || new Uint8Array());
    expect([...outer.keys()]).not.toContain("PayloadContent");
    expect(outer.get("IsEncrypted")).toBe(true);
    const envelope = parseEnvelope(outer.get("EncryptedPayloadContent") as Uint8Array);
    const opened = envelope.ok ? await openEnvelope(envelope.value, device) : undefined;
    expect(readPlist((opened?.ok && opened.value) || new Uint8Array())).toEqual({
      ok: true,
      value: text.dict.get("PayloadContent"),
    });
    expect(refused).toMatchObject({ ok: false, refusal: { reason: "cannot-encrypt" } });
  });
});
