import { beforeAll, describe, expect, test } from "vitest";
import { ask, tokenFor } from "../../support/admin.ts";
import type { AppleDevice } from "../../support/apple-device.ts";
import { enrolledDevice } from "../../support/fleet.ts";

let mac: AppleDevice;
beforeAll(async () => {
  mac = await enrolledDevice("mac");
});

const command = (token: string, request_type: string, validate = "off") =>
  ask("POST", `/api/v1/devices/${mac.id}/commands?push=false&validate=${validate}`, {
    json: { request_type },
    token,
  });

describe("the role helpdesk", () => {
  test.each(["DeviceLock", "EnableLostMode", "DisableLostMode", "RestartDevice", "ClearPasscode"])(
    "may send %s, with the audit entry",
    async (requestType) => {
      const token = await tokenFor("helpdesk");

      // What only the server knows is made up here: this is about who may.
      const answer = await ask("POST", `/api/v1/devices/${mac.id}/commands?push=false&validate=off`, {
        body: `<plist version="1.0"><dict><key>RequestType</key><string>${requestType}</string></dict></plist>`,
        headers: { "Content-Type": "application/xml" },
        token,
      });

      expect(answer.status, answer.text).toBe(201);
      const audit = await ask("GET", "/api/v1/audit?limit=5");
      expect(audit.json.items).toContainEqual(
        expect.objectContaining({ role: "helpdesk", method: "POST", status: 201 }),
      );
    },
  );

  test("sees no secret that is made on the way", async () => {
    const { json, status } = await command(await tokenFor("helpdesk"), "DeviceLock");

    expect(status).toBe(201);
    expect(json.generated).toEqual([]);
  });

  test.each(["EraseDevice", "ShutDownDevice", "InstallProfile", "DeviceInformation", "SetRecoveryLock"])(
    "may not send %s",
    async (requestType) => {
      const answer = await command(await tokenFor("helpdesk"), requestType);

      expect(answer.status).toBe(403);
      expect(answer.json.detail).toContain("needs the role");
    },
  );

  test("may read, and change nothing else", async () => {
    const token = await tokenFor("helpdesk");

    expect((await ask("GET", `/api/v1/devices/${mac.id}`, { token })).status).toBe(200);
    expect((await ask("PUT", "/api/v1/sets/theirs", { json: {}, token })).status).toBe(403);
    const many = { request_type: "RestartDevice", targets: { devices: [mac.id] } };
    expect((await ask("POST", "/api/v1/batches", { json: many, token })).status).toBe(403);
  });
});

describe("rights on top of a role", () => {
  test("erase: EraseDevice and nothing more", async () => {
    const token = await tokenFor("helpdesk", ["erase"]);

    expect((await command(await tokenFor("operator"), "EraseDevice")).status).toBe(403);
    expect((await command(token, "ShutDownDevice")).status).toBe(403);
    expect((await command(token, "EraseDevice")).status).toBe(201);
    const viewer = await tokenFor("viewer", ["erase"]);
    expect((await command(viewer, "EraseDevice")).status, "a viewer sends nothing").toBe(403);
  });

  test("read-escrow: recovery values, with the audit entry", async () => {
    const path = `/api/v1/devices/${mac.id}/escrow/filevault-key`;

    expect((await ask("GET", path, { token: await tokenFor("operator") })).status).toBe(403);
    expect((await ask("GET", path, { token: await tokenFor("viewer", ["erase"]) })).status).toBe(403);
    const read = await ask("GET", path, { token: await tokenFor("helpdesk", ["read-escrow"]) });

    expect(read.status).toBe(200);
    const audit = await ask("GET", "/api/v1/audit?limit=5");
    expect(audit.json.items).toContainEqual(
      expect.objectContaining({ role: "helpdesk", method: "GET", status: 200 }),
    );
  });
});

describe("a token", () => {
  const made = async (more = {}) =>
    (await ask("POST", "/api/v1/tokens", { json: { name: "script", role: "viewer", ...more } })).json;
  const works = async (token: string) => (await ask("GET", "/api/v1/sets", { token })).status === 200;

  test("has a prefix that a scanner can look for, and its name, role, rights and end can be changed", async () => {
    const { id, token } = await made();
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const json = { name: "helper", role: "helpdesk", rights: ["read-escrow"], expires_at: ends };

    const changed = await ask("PATCH", `/api/v1/tokens/${id}`, { json });

    expect(token).toMatch(/^emdm_[A-Za-z0-9_-]{43}$/);
    expect(changed.json).toMatchObject(json);
    expect((await ask("GET", `/api/v1/devices/${mac.id}/escrow/filevault-key`, { token })).status).toBe(200);
    const endless = await ask("PATCH", `/api/v1/tokens/${id}`, { json: { expires_at: null } });
    expect(endless.json).toMatchObject({ name: "helper", expires_at: null });
    expect((await ask("PATCH", `/api/v1/tokens/${id}`, { json: { rights: ["all"] } })).status).toBe(400);
    expect((await ask("PATCH", "/api/v1/tokens/none", { json: {} })).status).toBe(404);
  });

  test("is rotated with an overlap, in which both are taken", async () => {
    const { id, token } = await made();

    const rotated = (await ask("POST", `/api/v1/tokens/${id}/rotate`, { json: { overlap_minutes: 5 } })).json;

    expect(rotated).toMatchObject({ id, name: "script", previous_until: expect.any(String) });
    expect([await works(token), await works(rotated.token)]).toEqual([true, true]);

    const next = (await ask("POST", `/api/v1/tokens/${id}/rotate`, { json: { overlap_minutes: 0 } })).json;
    expect([await works(token), await works(rotated.token), await works(next.token)]).toEqual([
      false,
      false,
      true,
    ]);
    const over = await ask("GET", "/api/v1/sets", { token: rotated.token });
    expect(over.json.detail).toContain("was rotated");

    await ask("DELETE", `/api/v1/tokens/${id}`);
    expect(await works(next.token)).toBe(false);
    expect((await ask("POST", `/api/v1/tokens/${id}/rotate`, { json: {} })).status).toBe(409);
    expect((await ask("PATCH", `/api/v1/tokens/${id}`, { json: { name: "back" } })).status).toBe(409);
  });
});
