import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { toBase64 } from "../../src/base/bytes.ts";
import { expiries } from "../../src/jobs/kinds/expiries.ts";
import { type PlistInput, PlistReal } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { mobileSignature, signedData } from "../support/apple-device/cms.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, stateOf } from "../support/fleet.ts";

const day = 24 * 60 * 60_000;
let signer: AppleDevice;

beforeAll(async () => {
  signer = await enrolledDevice("mac");
});

const uuidOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** As Apple's portal makes them, but for who signs. */
function mobileprovision(uuid: string, more: { [key: string]: PlistInput } = {}): Uint8Array<ArrayBuffer> {
  const content = writePlist({
    UUID: uuid,
    Name: "In-house apps",
    AppIDName: "Example",
    TeamIdentifier: ["ABCDE12345"],
    TeamName: "Example Inc.",
    Platform: ["iOS"],
    Entitlements: { "application-identifier": "ABCDE12345.com.example.app", "get-task-allow": false },
    CreationDate: new Date("2026-01-01T00:00:00Z"),
    ExpirationDate: new Date(Math.floor((Date.now() + 300 * day) / 1000) * 1000),
    ProvisionedDevices: ["00008030-000000000000002E"],
    TimeToLive: 365,
    Version: 1,
    ...more,
  });
  return signedData({
    content,
    detached: false,
    signer: signer.identity,
    style: mobileSignature,
    now: Date.now(),
  });
}

const upload = (uuid: string, body: Uint8Array<ArrayBuffer>, token?: string) =>
  ask("PUT", `/api/v1/provisioning-profiles/${uuid}`, {
    body,
    headers: { "Content-Type": "application/octet-stream" },
    ...(token === undefined ? {} : { token }),
  });

const order = (device: { id: string }, request_type: string, payload: object = {}) =>
  ask("POST", `/api/v1/devices/${device.id}/commands?push=false`, { json: { request_type, payload } });

describe("a provisioning profile", () => {
  test("that does not name the device is installed anyway, with a warning", async () => {
    const [phone, mac] = [await enrolledDevice("iphone"), await enrolledDevice("mac")];
    const [named, others, everybody] = [uuidOf(41), uuidOf(42), uuidOf(43)];
    await upload(named, mobileprovision(named, { ProvisionedDevices: ["X", phone.id.toLowerCase()] }));
    await upload(others, mobileprovision(others));
    await upload(everybody, mobileprovision(everybody, { ProvisionsAllDevices: true }));

    const warned = [];
    for (const uuid of [named, others, everybody]) {
      const { status, json } = await order(phone, "InstallProvisioningProfile", {
        provisioning_profile: uuid,
      });
      warned.push([
        status,
        json.warnings.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer]),
      ]);
    }
    const onMac = await order(mac, "InstallProvisioningProfile", { provisioning_profile: others });

    expect(warned).toEqual([
      [201, []],
      [201, [["not-provisioned", "/payload/ProvisioningProfile"]]],
      [201, []],
    ]);
    expect(onMac.json.warnings).toEqual([]);
  });

  test("goes all the way: uploaded, installed unchanged, listed by the device, removed by its UUID", async () => {
    const phone = await enrolledDevice("iphone");
    const uuid = uuidOf(1);
    const file = mobileprovision(uuid);

    const uploaded = await upload(uuid, file);
    expect(uploaded.status, uploaded.text).toBe(201);
    expect(uploaded.json).toMatchObject({
      uuid,
      name: "In-house apps",
      app_id: "ABCDE12345.com.example.app",
      team_id: "ABCDE12345",
      platforms: ["iOS"],
      devices: ["00008030-000000000000002E"],
      state: "valid",
    });

    await order(phone, "InstallProvisioningProfile", { provisioning_profile: uuid });
    const [install] = await phone.converse();
    expect(install?.command.payload.get("ProvisioningProfile")).toEqual(new Uint8Array(file));
    expect([...phone.state.provisioningProfiles.keys()]).toEqual([uuid]);

    const listing = await order(phone, "ProvisioningProfileList", { ManagedOnly: false });
    await phone.converse();
    const { json } = await ask("GET", listing.headers.get("Location") ?? "");
    expect(json.result.ProvisioningProfileList).toMatchObject([{ Name: "In-house apps", UUID: uuid }]);

    const removal = await order(phone, "RemoveProvisioningProfile", { UUID: uuid });
    await phone.converse();
    expect(await stateOf(phone, removal.json.uuid)).toBe("acknowledged");
    expect(phone.state.provisioningProfiles.size).toBe(0);
    await alarmOf(phone);
  });

  test("can be read and fetched again, replaced and forgotten", async () => {
    const uuid = uuidOf(2);
    const path = `/api/v1/provisioning-profiles/${uuid}`;
    const file = mobileprovision(uuid);
    await upload(uuid, file);

    const again = await upload(uuid, mobileprovision(uuid, { Name: "Renamed" }));
    expect([again.status, again.json.name]).toEqual([200, "Renamed"]);
    expect((await ask("GET", "/api/v1/provisioning-profiles?limit=200")).json.items).toContainEqual(
      again.json,
    );
    await upload(uuid, file);
    const fetched = await ask("GET", path, { headers: { Accept: "application/octet-stream" } });
    expect(fetched.headers.get("Content-Disposition")).toContain(`${uuid}.mobileprovision`);

    expect((await ask("DELETE", path)).status).toBe(204);
    expect((await ask("DELETE", path)).status).toBe(404);
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("that provisions every device names none", async () => {
    const answer = await upload(uuidOf(3), mobileprovision(uuidOf(3), { ProvisionsAllDevices: true }));

    expect(answer.json.devices).toBeNull();
  });

  test.each([
    ["not signed", () => writePlist({ UUID: uuidOf(9) }), "not-signed-data"],
    [
      "damaged",
      () => mobileprovision(uuidOf(9)).map((byte, at) => (at === 400 ? byte ^ 1 : byte)),
      "not-signed-data",
    ],
    ["without a name", () => mobileprovision(uuidOf(9), { Name: new PlistReal(1) }), "bad-key"],
    ["of another UUID", () => mobileprovision(uuidOf(8)), "other-uuid"],
  ])("%s is refused", async (_, make, code) => {
    const answer = await upload(uuidOf(9), make());

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ code }]);
  });

  test("is uploaded by operators, not by viewers", async () => {
    expect((await upload(uuidOf(9), mobileprovision(uuidOf(9)), await tokenFor("viewer"))).status).toBe(403);
  });

  test.each([
    [{ provisioning_profile: uuidOf(77) }, "/payload/provisioning_profile"],
    [{ provisioning_profile: 7 }, "/payload/provisioning_profile"],
    [{ provisioning_profile: uuidOf(1), ProvisioningProfile: "AA==" }, "/payload/provisioning_profile"],
  ])("%j installs nothing", async (payload, pointer) => {
    const answer = await order(await enrolledDevice("iphone"), "InstallProvisioningProfile", payload);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer, code: "cannot-complete" }]);
  });

  test("may come with the command as well", async () => {
    const phone = await enrolledDevice("iphone");
    const ProvisioningProfile = toBase64(mobileprovision(uuidOf(5)));

    await order(phone, "InstallProvisioningProfile", { ProvisioningProfile });
    await phone.converse();

    expect([...phone.state.provisioningProfiles.keys()]).toEqual([uuidOf(5)]);
  });
});

describe("the end of a provisioning profile", () => {
  const told = async (uuid: string) => {
    const query =
      "SELECT name FROM events WHERE device_id = '' AND json_extract(detail, '$.uuid') = ? ORDER BY id";
    const { results } = await env.DB.prepare(query).bind(uuid).all<{ name: string }>();
    return results.map(({ name }) => name);
  };

  async function lookAfter(now: number) {
    let cursor = expiries.begin;
    for (;;) {
      const page = await expiries.page(env, cursor, now);
      if (!("next" in page)) return;
      cursor = page.next;
    }
  }

  test("is told 30 days before, and when it has come, once each", async () => {
    const uuid = uuidOf(20);
    const end = Date.now() + 40 * day;
    await upload(uuid, mobileprovision(uuid, { ExpirationDate: new Date(end) }));

    await lookAfter(Date.now());
    expect(await told(uuid)).toEqual([]);
    await lookAfter(end - 29 * day);
    await lookAfter(end - 28 * day);
    expect(await told(uuid)).toEqual(["provisioning_profile.expiring"]);
    await lookAfter(end + day);
    await lookAfter(end + 2 * day);

    expect(await told(uuid)).toEqual(["provisioning_profile.expiring", "provisioning_profile.expired"]);
  });

  test("is seen in the list, and one that has ended is not installed", async () => {
    const uuid = uuidOf(21);
    const near = await upload(
      uuid,
      mobileprovision(uuid, { ExpirationDate: new Date(Date.now() + 5 * day) }),
    );
    const past = await upload(uuid, mobileprovision(uuid, { ExpirationDate: new Date(Date.now() - day) }));

    expect([near.json.state, past.json.state]).toEqual(["expiring", "expired"]);
    const answer = await order(await enrolledDevice("iphone"), "InstallProvisioningProfile", {
      provisioning_profile: uuid,
    });
    expect(answer.json.errors[0].detail).toContain("upload its successor");
  });
});
