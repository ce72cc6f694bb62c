import { describe, expect, test } from "vitest";
import { adminToken, ask, tokenFor } from "../../support/admin.ts";
import { enrolledDevice } from "../../support/fleet.ts";

const basic = (password: string, user: string) => `Basic ${btoa(`${user}:${password}`)}`;

const send = (method: string, path: string, body?: BodyInit, authorization = basic(adminToken, "nanocmd")) =>
  ask(method, path, {
    token: null,
    headers: { Authorization: authorization },
    ...(body !== undefined && { body }),
  });

const profile = (identifier: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>PayloadContent</key><array/><key>PayloadDisplayName</key><string>A</string>
<key>PayloadIdentifier</key><string>${identifier}</string><key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>0A1B2C3D-0000-4000-8000-000000000001</string><key>PayloadVersion</key><integer>1</integer></dict></plist>`;

describe("profiles", () => {
  test("are those of the library, by their identifier", async () => {
    const name = "com.example.cmd";
    expect((await send("PUT", `/v1/profile/${name}`, profile(name))).status).toBe(204);
    expect((await send("GET", `/v1/profiles?name=${name}`)).json).toEqual({
      [name]: { identifier: name, uuid: "0A1B2C3D-0000-4000-8000-000000000001" },
    });
    expect((await send("GET", `/v1/profile/${name}`)).text).toContain("<string>com.example.cmd</string>");
    expect((await ask("GET", `/api/v1/profiles/${name}`)).status).toBe(200);
    expect((await send("DELETE", `/v1/profile/${name}`)).status).toBe(204);
    expect((await send("GET", `/v1/profile/${name}`)).status).toBe(404);
  });

  test("under another name than their own are refused with the reason", async () => {
    const answer = await send("PUT", "/v1/profile/other", profile("com.example.cmd"));
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining("PayloadIdentifier")]);
  });

  test("are whole files, which only an administrator gets", async () => {
    const viewer = basic(await tokenFor("viewer"), "nanocmd");
    expect((await send("GET", "/v1/profile/x", undefined, viewer)).status).toBe(403);
    expect((await send("PUT", "/v1/profile/x", "x", viewer)).status).toBe(403);
  });
});

test("the inventory of a device is what it reported", async () => {
  const device = await enrolledDevice("mac");
  await ask("POST", `/api/v1/devices/${device.id}/inventory`);
  await device.converse();
  await expect
    .poll(
      async () => (await send("GET", `/v1/inventory?id=${device.id}&id=NOBODY`)).json[device.id]?.OSVersion,
      { timeout: 20_000 },
    )
    .toBeTypeOf("string");
  expect((await send("GET", "/inventory")).status).toBe(400);
});

test("a workflow that is one command here is given, and another says what to use", async () => {
  const device = await enrolledDevice("mac");
  const started = await send("POST", `/v1/workflow/io.micromdm.wf.lock.v1/start?id=${device.id}`);
  expect([started.status, typeof started.json.instance_id]).toEqual([200, "string"]);
  const { json } = await ask("GET", `/api/v1/devices/${device.id}/commands`);
  expect(json.items[0]).toMatchObject({ request_type: "DeviceLock", state: "queued" });

  const other = await send("POST", `/v1/workflow/io.micromdm.wf.cmdplan.v1/start?id=${device.id}`);
  expect([other.status, other.json.error]).toEqual([404, expect.stringContaining("set")]);
  expect((await send("PUT", "/v1/cmdplan/a", "{}")).json.error).toContain("PUT /api/v1/sets");
  expect((await send("POST", "/v1/workflow/io.micromdm.wf.lock.v1/start?id=NOBODY")).status).toBe(500);
});

describe("NanoHUB", () => {
  const hub = basic(adminToken, "nanohub");

  test("has each of them below a prefix of its own, under one user", async () => {
    expect((await send("GET", "/api/v1/ddm/declarations", undefined, hub)).json).toEqual([]);
    expect((await send("GET", "/api/v1/nanomdm/push/NOBODY", undefined, hub)).json.status).toHaveProperty(
      "NOBODY",
    );
    expect((await send("GET", "/api/v1/nanocmd/profiles", undefined, hub)).json).toEqual({});
  });

  test("opens nothing that our own API keeps closed", async () => {
    expect((await send("GET", "/api/v1/nanomdm/push/NOBODY", undefined, "")).status).toBe(401);
    expect((await send("GET", "/api/v1/devices", undefined, hub)).status).toBe(401);
  });
});
