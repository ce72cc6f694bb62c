import { describe, expect, test } from "vitest";
import { ask } from "../../support/admin.ts";
import { enrolledDevice, invite } from "../../support/fleet.ts";

const commands = (device: { id: string }) => `/api/v1/devices/${device.id}/commands?push=false`;
const plist = (uuid: string, command: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>CommandUUID</key><string>${uuid}</string>
  <key>Command</key><dict>${command}</dict></dict></plist>`;
const named = (name: string) =>
  `<key>RequestType</key><string>DeviceInformation</string><key>Queries</key><array><string>${name}</string></array>`;
const post = (device: { id: string }, uuid: string, command: string) =>
  ask("POST", commands(device), {
    body: plist(uuid, command),
    headers: { "Content-Type": "application/xml" },
  });

describe("a CommandUUID that was used before", () => {
  test("is the same order again while it waits, and a conflict with its state afterwards", async () => {
    const phone = await enrolledDevice("iphone");
    const [first, again] = [
      await post(phone, "U1", named("DeviceName")),
      await post(phone, "U1", named("DeviceName")),
    ];
    await phone.converse();
    const late = await post(phone, "U1", named("DeviceName"));

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toMatchObject({ uuid: "U1", state: "queued" });
    const listed = await ask("GET", `/api/v1/devices/${phone.id}/commands`);
    expect(listed.json.items).toHaveLength(1);
    expect(late.status).toBe(409);
    expect(late.json).toMatchObject({
      state: "acknowledged",
      detail: expect.stringContaining("is acknowledged, and no longer waits"),
    });
  });

  test("is a conflict while another command waits under it", async () => {
    const phone = await enrolledDevice("iphone");
    await post(phone, "U2", named("DeviceName"));

    const other = await post(phone, "U2", named("OSVersion"));
    const otherType = await post(phone, "U2", "<key>RequestType</key><string>ProfileList</string>");

    expect(other.status).toBe(409);
    expect(other.json).toMatchObject({
      state: "queued",
      detail: expect.stringContaining("not the same command"),
    });
    expect(otherType.status).toBe(409);
  });

  test("of an earlier enrollment is a conflict: that command was cancelled", async () => {
    const phone = await enrolledDevice("iphone");
    await post(phone, "U3", named("DeviceName"));
    await phone.enroll(await invite({ udid: phone.id }));

    const late = await post(phone, "U3", named("DeviceName"));

    expect(late.status).toBe(409);
    expect(late.json.state).toBe("cancelled");
  });

  test("holds for JSON too, whatever the server adds", async () => {
    const mac = await enrolledDevice("mac");
    const json = { request_type: "DeviceLock", uuid: "U4" };

    const first = await ask("POST", commands(mac), { json });
    const again = await ask("POST", commands(mac), { json });
    const other = await ask("POST", commands(mac), { json: { ...json, payload: { Message: "Call us" } } });

    expect([first.status, again.status, other.status]).toEqual([201, 201, 409]);
    expect(first.json.generated).toHaveLength(1);
    expect(again.json.generated).toEqual([]);
  });
});

describe("what the catalogue does not know", () => {
  test.each([
    [{ request_type: "DeviceLok" }, "/payload", "unknown-type", "did you mean DeviceLock?"],
    [
      { request_type: "RestartDevice", payload: { NotifyUsr: true } },
      "/payload/NotifyUsr",
      "unknown-key",
      "did you mean NotifyUser?",
    ],
  ])(
    "%j is refused with the near miss, and queued where somebody insists",
    async (json, pointer, code, meant) => {
      const mac = await enrolledDevice("mac");

      const refused = await ask("POST", commands(mac), { json });
      const queued = await ask("POST", `${commands(mac)}&validate=warn`, { json });

      expect(refused.status).toBe(400);
      expect(refused.json.errors).toEqual([{ pointer, code, detail: expect.stringContaining(meant) }]);
      expect(queued.status).toBe(201);
      expect(queued.json.warnings).toMatchObject([{ code }]);
    },
  );
});
