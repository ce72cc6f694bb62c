import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/base/bytes.ts";
import { readPlist } from "../../../src/plist/read.ts";
import type { PlistDict } from "../../../src/plist/value.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { alarmOf, enrolledDevice, give, invite, topic } from "../../support/fleet.ts";

const under = (device: { id: string }, path: string) =>
  `/api/v1/devices/${encodeURIComponent(device.id)}/${path}`;

test("the channels of a device are listed with what waits on them", async () => {
  const device = await enrolledDevice("mac");
  const [user] = device.users;
  await give(device, "ProfileList", {}, { userId: user?.id ?? "" });

  const { json } = await ask("GET", under(device, "channels"));

  expect(json.items).toMatchObject([
    { id: null, kind: "device", enabled: true, topic, waiting_commands: 0, unreachable: false },
    { id: user?.id, kind: "mac_user", user_short_name: user?.shortName, waiting_commands: 1 },
  ]);
});

describe("the identities of a device", () => {
  test("are listed, and one that is unbound is refused from then on", async () => {
    const device = await enrolledDevice();
    const { json } = await ask("GET", under(device, "identities"));
    const [{ fingerprint }] = json.items;
    expect(json.items).toMatchObject([{ generation: 1, retires_at: null, revoked_at: null }]);

    const unbound = await ask("DELETE", under(device, `identities/${fingerprint}`));

    expect(unbound.status).toBe(204);
    expect((await device.idle()).status).toBe(403);
    expect((await ask("DELETE", under(device, `identities/${fingerprint}`))).status).toBe(404);
  });

  test("overlap after a renewal, until an administrator ends that", async () => {
    const device = await enrolledDevice();
    const before = device.identity;
    await device.renewIdentity({
      challenge: (await invite({ udid: device.hardware.udid })).challenge,
      freshKey: true,
    });
    await device.idle();
    const { json } = await ask("GET", under(device, "identities"));

    const ended = await ask("POST", under(device, "identities/end-overlap"));

    const overlapping = json.items.filter(
      ({ retires_at }: { retires_at: string | null }) => retires_at !== null,
    );
    expect(ended.json).toEqual({ ended: overlapping.length });
    if (overlapping.length > 0) {
      expect(await device.withIdentity(before, async () => (await device.idle()).status)).toBe(403);
    }
    expect((await device.idle()).status).toBe(200);
  });
});

describe("the messages of a device", () => {
  test("are read as it sent them, without their secrets", async () => {
    const device = await enrolledDevice("iphone");

    const authenticate = await ask("GET", under(device, "messages/Authenticate"));
    const tokenUpdate = await ask("GET", under(device, "messages/TokenUpdate"));

    expect(authenticate.json).toMatchObject({
      MessageType: "Authenticate",
      UDID: device.hardware.udid,
      Topic: topic,
    });
    expect(tokenUpdate.json).toMatchObject({ PushMagic: "(masked)", UnlockToken: "(masked)" });
    expect(tokenUpdate.text).not.toContain(device.pushMagic);
  });

  test("also as a property list, and of a user channel", async () => {
    const device = await enrolledDevice("mac");
    const [user] = device.users;
    const path = under(device, `messages/TokenUpdate?channel=${encodeURIComponent(user?.id ?? "")}`);

    const { text, headers } = await ask("GET", path, { headers: { Accept: "text/xml" } });

    expect(headers.get("Content-Type")).toBe("application/xml");
    const read = readPlist(utf8(text));
    expect((read.ok ? (read.value as PlistDict) : undefined)?.get("UserShortName")).toBe(user?.shortName);
    expect(text).not.toContain(user?.pushMagic);
  });

  test("that it never sent, or that are of another kind, are not there", async () => {
    const device = await enrolledDevice();

    expect((await ask("GET", under(device, "messages/TokenUpdate?channel=nobody"))).status).toBe(404);
    expect((await ask("GET", under(device, "messages/CheckOut"))).status).toBe(400);
    expect((await ask("GET", under({ id: "NOBODY" }, "messages/TokenUpdate"))).status).toBe(404);
  });
});

describe("an administrator unenrolls a device", () => {
  const unenroll = (device: { id: string }, method: string, token?: string) =>
    ask("POST", under(device, "unenroll"), { json: { method }, ...(token ? { token } : {}) });

  test("by the answer to its next request", async () => {
    const device = await enrolledDevice();

    const answer = await unenroll(device, "answer");

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ method: "answer", command_uuid: null });
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json).toMatchObject({
      state: "enrolled",
      unenrolling: true,
    });
    await device.idle();
    expect(device.isEnrolled).toBe(false);
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json).toMatchObject({
      state: "unenrolled",
      unenrolling: false,
    });
    expect((await unenroll(device, "answer")).status).toBe(409);
  });

  test("by removing its profile, once that is known by name", async () => {
    const device = await enrolledDevice();

    const refused = await unenroll(device, "profile");
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining("ProfileList")]);

    const uuid = await give(device, "ProfileList");
    await device.idle();
    const mdm = { PayloadType: "com.apple.mdm", PayloadIdentifier: "org.example.mdm.payload" };
    await device.acknowledge(uuid, {
      ProfileList: [{ PayloadIdentifier: "org.example.mdm", PayloadContent: [mdm] }],
    });
    await alarmOf(device);
    const answer = await unenroll(device, "profile");

    expect(answer.status, answer.text).toBe(200);
    expect((await device.idle()).command).toMatchObject({
      uuid: answer.json.command_uuid,
      requestType: "RemoveProfile",
      payload: new Map([
        ["RequestType", "RemoveProfile"],
        ["Identifier", "org.example.mdm"],
      ]),
    });
  });

  test("only as an admin, and only by a way there is", async () => {
    const device = await enrolledDevice();

    expect((await unenroll(device, "answer", await tokenFor("operator"))).status).toBe(403);
    expect((await unenroll(device, "401")).json.errors).toMatchObject([{ pointer: "/method" }]);
    expect((await unenroll({ id: "NOBODY" }, "answer")).status).toBe(404);
    expect((await device.idle()).status).toBe(200);
  });
});

test("an unknown device has no channels, no identities and no overlap", async () => {
  const nobody = { id: "NOBODY" };

  expect((await ask("GET", under(nobody, "channels"))).status).toBe(404);
  expect((await ask("GET", under(nobody, "identities"))).status).toBe(404);
  expect((await ask("POST", under(nobody, "identities/end-overlap"))).status).toBe(404);
});

test("ids of user enrollment and of users, with whatever is in them, survive the address", async () => {
  const device = await enrolledDevice("mac", { managedUser: { shortName: "a", id: "a@b.org:C/D é%41" } });
  const [user] = device.users;
  const channel = `channel=${encodeURIComponent(user?.id ?? "")}`;

  const given = await ask("POST", under(device, `commands?push=false&${channel}`), {
    json: { request_type: "ProfileList", uuid: "x/y:z?@%41#" },
  });
  const read = await ask("GET", given.headers.get("Location") ?? "");

  expect(given.status, given.text).toBe(201);
  expect(read.json).toMatchObject({ uuid: "x/y:z?@%41#", channel: "a@b.org:C/D é%41" });
  expect((await ask("DELETE", given.headers.get("Location") ?? "")).json.state).toBe("cancelled");
});
