import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/base/bytes.ts";
import { readPlist } from "../../../src/plist/read.ts";
import type { PlistDict } from "../../../src/plist/value.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { enrolledDevice, newDevice, stateOf } from "../../support/fleet.ts";

const commandsOf = (device: { id: string }) => `/api/v1/devices/${encodeURIComponent(device.id)}/commands`;

const queue = (device: { id: string }, json: object, query = "") =>
  ask("POST", `${commandsOf(device)}?push=false${query}`, { json });

const queueRaw = (device: { id: string }, body: BodyInit, type = "application/xml", query = "") =>
  ask("POST", `${commandsOf(device)}?push=false${query}`, { body, headers: { "Content-Type": type } });

const lock = { request_type: "DeviceLock", payload: { Message: "lost", PIN: "123456" } };

describe("an administrator gives a command", () => {
  test("in JSON: the device fetches it, and its result can be read", async () => {
    const device = await enrolledDevice("mac");

    const given = await queue(device, {
      request_type: "DeviceInformation",
      payload: { Queries: ["UDID", "OSVersion"] },
    });

    expect(given.status).toBe(201);
    expect(given.json).toMatchObject({
      request_type: "DeviceInformation",
      channel: null,
      state: "queued",
      priority: "normal",
      origin: "ADMIN_TOKEN",
      sent_at: null,
    });
    const location = given.headers.get("Location") ?? "";
    expect(location).toBe(`${commandsOf(device)}/${given.json.uuid}`);
    expect((await ask("GET", location)).json.payload).toEqual({
      RequestType: "DeviceInformation",
      Queries: ["UDID", "OSVersion"],
    });

    await device.converse();

    const done = await ask("GET", location);
    expect(done.json).toMatchObject({ state: "acknowledged", priority: null, truncated: false, error: null });
    expect(done.json.result).toMatchObject({
      Status: "Acknowledged",
      CommandUUID: given.json.uuid,
      QueryResponses: { UDID: device.hardware.udid },
    });
    expect(done.json.result_bytes).toBeGreaterThan(100);
  });

  test("in JSON with binary in base64 and dates: the device gets data and dates", async () => {
    const device = await enrolledDevice("iphone");
    const payload = utf8("<plist/>");

    await queue(device, { request_type: "InstallProfile", payload: { Payload: btoa("<plist/>") } });
    await queue(device, {
      request_type: "SomethingNew",
      payload: { Later: { $date: "2026-12-24T18:00:00Z" }, Plain: "2026-12-24T18:00:00Z" },
    });

    expect((await device.idle()).command?.payload.get("Payload")).toEqual(payload);
    const next = await device.idle();
    expect(next.command?.uuid).toBeDefined();
  });

  test.each([
    ["application/xml", { Command: { RequestType: "ProfileList" }, CommandUUID: "chosen/1" }, "chosen/1"],
    ["text/xml; charset=utf-8", { RequestType: "ProfileList" }, undefined],
    ["application/x-plist", { Command: { RequestType: "ProfileList" } }, undefined],
  ])("as a property list (%s)", async (type, command, uuid) => {
    const device = await enrolledDevice();

    const given = await queueRaw(device, writePlist(command), type);

    expect(given.status, given.text).toBe(201);
    expect(given.json.request_type).toBe("ProfileList");
    if (uuid !== undefined) expect(given.json.uuid).toBe(uuid);
    expect((await ask("GET", given.headers.get("Location") ?? "")).json.uuid).toBe(given.json.uuid);
    expect((await device.idle()).command?.uuid).toBe(given.json.uuid);
  });

  test("as a binary property list", async () => {
    const device = await enrolledDevice();
    // {RequestType: "ProfileList"}
    const bplist =
      "YnBsaXN0MDDRAQJbUmVxdWVzdFR5cGVbUHJvZmlsZUxpc3QICxcAAAAAAAABAQAAAAAAAAADAAAAAAAAAAAAAAAAAAAAIw==";
    const bytes = Uint8Array.from(atob(bplist), (letter) => letter.charCodeAt(0));

    const given = await queueRaw(device, bytes, "application/octet-stream");

    expect(given.status, given.text).toBe(201);
    expect(given.json.request_type).toBe("ProfileList");
  });

  test("of high priority: it goes before what waits", async () => {
    const device = await enrolledDevice();
    await queue(device, { request_type: "ProfileList" });

    const high = await queue(device, { request_type: "SecurityInfo", priority: "high" });
    const raw = await queueRaw(
      device,
      writePlist({ RequestType: "CertificateList" }),
      "text/xml",
      "&priority=high",
    );

    expect([high.json.priority, raw.json.priority]).toEqual(["high", "high"]);
    expect((await device.idle()).command?.uuid).toBe(high.json.uuid);
  });

  test("that expires: it is not sent later", async () => {
    const device = await enrolledDevice();
    const expires_at = new Date(Date.now() + 60_000).toISOString();

    const given = await queue(device, { request_type: "ProfileList", expires_at });

    expect(given.json.expires_at).toBe(expires_at);
    const past = await queue(device, { request_type: "ProfileList", expires_at: "2001-01-01T00:00:00Z" });
    expect([past.status, past.json.errors]).toMatchObject([400, [{ pointer: "/expires_at" }]]);
  });

  test("to a user channel: only that channel fetches it", async () => {
    const device = await enrolledDevice("mac");
    const [user] = device.users;
    const channel = `&channel=${encodeURIComponent(user?.id ?? "")}`;

    const given = await queue(device, { request_type: "ProfileList" }, channel);

    expect(given.status, given.text).toBe(201);
    expect(given.json.channel).toBe(user?.id);
    expect((await device.idle()).command).toBeUndefined();
    expect((await user?.idle())?.command?.uuid).toBe(given.json.uuid);
    expect((await ask("GET", given.headers.get("Location") ?? "")).json.state).toBe("sent");
    expect((await ask("GET", commandsOf(device))).json.items).toEqual([]);
    expect((await ask("GET", `${commandsOf(device)}?${channel.slice(1)}`)).json.items).toHaveLength(1);
  });

  test("twice under one uuid: it is queued once; another command cannot take the uuid", async () => {
    const device = await enrolledDevice();

    const first = await queue(device, { request_type: "ProfileList", uuid: "once" });
    const again = await queue(device, { request_type: "ProfileList", uuid: "once" });
    const other = await queue(device, { request_type: "SecurityInfo", uuid: "once" });

    expect(again.json).toEqual(first.json);
    expect([other.status, other.json.detail]).toEqual([409, expect.stringContaining("once")]);
    expect((await ask("GET", commandsOf(device))).json.items).toHaveLength(1);
  });

  test("twice under one Idempotency-Key: the first answer comes back", async () => {
    const device = await enrolledDevice();
    const send = () =>
      ask("POST", commandsOf(device), {
        json: { request_type: "ProfileList" },
        headers: { "Idempotency-Key": "k1" },
      });

    const [first, again] = [await send(), await send()];

    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
  });
});

describe("a command is refused", () => {
  test("for an unknown device", async () => {
    const answer = await queue({ id: "NOBODY" }, lock);

    expect([answer.status, answer.json.detail]).toEqual([404, "no device has the id NOBODY"]);
    expect((await ask("GET", commandsOf({ id: "NOBODY" }))).status).toBe(404);
  });

  test("for a device that ended its enrollment", async () => {
    const device = await enrolledDevice();
    await device.checkOut();

    const answer = await queue(device, lock);

    expect([answer.status, answer.json.type]).toEqual([409, "/api/docs#problem-conflict"]);
  });

  test("for a user channel that the device does not have", async () => {
    const device = await enrolledDevice();

    const answer = await queue(device, lock, "&channel=nobody");

    expect([answer.status, answer.json.detail]).toEqual([404, expect.stringContaining('"nobody"')]);
    expect((await ask("GET", `${commandsOf(device)}?channel=nobody`)).status).toBe(404);
  });

  test.each([
    [{ request_type: "DeviceLock", payload: { PIN: null } }, "/payload/PIN", "not-convertible"],
    [{ payload: {} }, "/request_type", "required"],
    [{ request_type: "DeviceLock", uuid: "a b" }, "/uuid", "regex"],
    [{ request_type: "DeviceLock", priority: "urgent" }, "/priority", "picklist"],
  ])("as JSON such as %j", async (json, pointer, code) => {
    const answer = await queue(newDevice(), json);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer, code }]);
  });

  test.each([
    ["nothing", ""],
    ["no property list", "<html>"],
    ["no dictionary", writePlist(["x"])],
    ["no RequestType", writePlist({ Command: {} })],
    ["a CommandUUID that is none", writePlist({ RequestType: "X", CommandUUID: 7 })],
  ])("as a property list that has %s", async (_title, body) => {
    const answer = await queueRaw(newDevice(), body as BodyInit);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: "" }]);
  });

  test("by content type and size", async () => {
    expect((await queueRaw(newDevice(), "x", "text/plain")).status).toBe(415);
    expect((await queueRaw(newDevice(), new Uint8Array(3_200_000))).status).toBe(413);
    const large = writePlist({ RequestType: "InstallProfile", Payload: new Uint8Array(1_500_000) });
    expect((await queueRaw(newDevice(), large)).json.errors).toMatchObject([{ code: "command-too-large" }]);
  });

  test("of a viewer", async () => {
    const answer = await ask("POST", commandsOf(newDevice()), {
      json: lock,
      token: await tokenFor("viewer"),
    });

    expect(answer.status).toBe(403);
  });
});

describe("an administrator cancels", () => {
  test("what waits, and what the device put off; once it was sent, no more", async () => {
    const device = await enrolledDevice();
    const [queued, putOff, sent] = await Promise.all(
      ["a", "b", "c"].map(
        async (uuid) => (await queue(device, { request_type: "ProfileList", uuid })).json.uuid,
      ),
    );
    const cancel = (uuid: string) => ask("DELETE", `${commandsOf(device)}/${uuid}`);

    const first = await cancel(queued);
    await device.idle();
    await device.notNow(putOff);
    const second = await cancel(putOff);
    const third = await cancel(sent);

    expect(first.json).toMatchObject({ uuid: "a", state: "cancelled" });
    expect(second.json).toMatchObject({ uuid: "b", state: "cancelled" });
    expect([third.status, third.json.detail]).toEqual([
      409,
      expect.stringMatching(/^the device already has the command; \?force=true/),
    ]);
    expect(await stateOf(device, sent)).toBe("sent");
    expect((await cancel(queued)).json.state).toBe("cancelled");
    expect((await cancel("nothing")).status).toBe(404);
  });
});

test("the commands of a device are listed newest first, page by page, each once", async () => {
  const device = await enrolledDevice();
  for (let number = 0; number < 7; number++)
    await queue(device, { request_type: "ProfileList", uuid: `c${number}` });
  await device.converse();
  for (let number = 7; number < 11; number++)
    await queue(device, { request_type: "ProfileList", uuid: `c${number}` });

  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { json } = await ask("GET", `${commandsOf(device)}?limit=3${more}`);
    seen.push(...json.items.map(({ uuid }: { uuid: string }) => uuid));
    cursor = json.next_cursor;
  }

  expect(seen).toEqual(Array.from({ length: 11 }, (_, at) => `c${10 - at}`));
});

test("a command is also answered as a property list that keeps the types, with its secrets masked", async () => {
  const device = await enrolledDevice();
  const { json } = await queue(device, lock);

  const answer = await ask("GET", `${commandsOf(device)}/${json.uuid}`, {
    headers: { Accept: "application/xml" },
  });

  expect(answer.headers.get("Content-Type")).toBe("application/xml");
  const read = readPlist(utf8(answer.text));
  const whole = (read.ok ? read.value : new Map()) as PlistDict;
  expect(whole.get("state")).toBe("queued");
  expect(Object.fromEntries(whole.get("payload") as PlistDict)).toEqual({
    RequestType: "DeviceLock",
    Message: "lost",
    PIN: "(masked)",
  });
});
