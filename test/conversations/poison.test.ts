import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ask, tokenFor } from "../support/admin.ts";
import { synchronise } from "../support/apple-device/declarations.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { declare, declareNothingElse, echo, kept, synchronised } from "../support/declarative.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf, rewrite, stateOf } from "../support/fleet.ts";

// What sticks at the head of a queue keeps everything behind it. Whatever one thing is, the others go on.

const eventsOf = async (device: AppleDevice, name: string) =>
  (await outboxOf(device)).filter((event) => event.name === name).map(({ detail }) => detail);

const uuidsOf = async (device: AppleDevice) => (await device.converse()).map(({ command }) => command.uuid);

describe("a command that the device never answers", () => {
  test("steps behind the others after five fetches, and that is told once", async () => {
    const device = await enrolledDevice();
    const stuck = await give(device, "ProfileList", {}, { high: true });
    const next = await give(device, "SecurityInfo");

    for (let fetch = 1; fetch <= 5; fetch++) expect((await device.idle()).command?.uuid).toBe(stuck);

    expect((await device.idle()).command?.uuid).toBe(next);
    expect((await device.acknowledge(next)).command?.uuid).toBe(stuck);
    await device.idle();
    expect(await eventsOf(device, "command.unanswered")).toEqual([
      { uuid: stuck, request_type: "ProfileList", fetched: 5 },
    ]);
    expect(await uuidsOf(device)).toEqual([stuck]);
    expect(await stateOf(device, stuck)).toBe("acknowledged");
  });

  test("keeps its place when the device puts it off again and again: that is an answer", async () => {
    const device = await enrolledDevice();
    const patient = await give(device, "ProfileList");

    for (let visit = 1; visit <= 7; visit++) {
      expect((await device.idle()).command?.uuid).toBe(patient);
      await device.notNow(patient);
    }

    expect((await device.idle()).command?.uuid).toBe(patient);
    expect(await eventsOf(device, "command.unanswered")).toEqual([]);
  });

  test("can be cancelled by force; what the device says of it later changes nothing", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "ProfileList");
    await device.idle();
    const path = `/api/v1/devices/${device.id}/commands/${uuid}`;

    const refused = await ask("DELETE", path);
    const viewer = await ask("DELETE", `${path}?force=true`, { token: await tokenFor("viewer") });
    const cancelled = await ask("DELETE", `${path}?force=true`);

    expect([refused.status, viewer.status, cancelled.status]).toEqual([409, 403, 200]);
    expect(refused.json.detail).toContain("?force=true");
    expect(cancelled.json).toMatchObject({
      state: "cancelled",
      error: "cancelled after the device had fetched it",
    });
    expect((await device.acknowledge(uuid)).status).toBe(200);
    expect(await stateOf(device, uuid)).toBe("cancelled");
    expect(await eventsOf(device, "command.result_ignored")).toEqual([
      { uuid, status: "Acknowledged", known: "cancelled" },
    ]);
  });
});

describe("what the alarm cannot do", () => {
  test("a large result that does not open does not keep the alarm busy without end", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    const uuid = await give(device, "InstalledApplicationList");
    await device.idle();
    await device.acknowledge(uuid, { Noise: new Uint8Array(400_000) });
    await rewrite(device, "UPDATE result_parts SET data = substr(data, 1, 40)");

    await alarmOf(device);

    const next = await runInDurableObject(objectOf(device), (_, { storage }) => storage.getAlarm());
    expect(next === null || next > Date.now() + 20_000).toBe(true);
    expect(await stateOf(device, uuid).catch(() => "unreadable")).toBe("unreadable");
    const listed = await objectOf(device).listCommands("", 1);
    expect(listed.ok && listed.value[0]?.state).toBe("acknowledged");
  });

  test("a duty that fails rests, ever longer, and the others are done", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    await give(device, "ProfileList", {}, { expiresAt: Date.now() + 1 });
    await rewrite(
      device,
      "CREATE TRIGGER broken BEFORE INSERT ON finished BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    const alarmAt = () =>
      runInDurableObject(
        objectOf(device),
        async (_, { storage }) => ((await storage.getAlarm()) ?? 0) - Date.now(),
      );

    await alarmOf(device);
    const first = await alarmAt();

    expect(first).toBeGreaterThan(20_000);
    expect(first).toBeLessThan(40_000);
    expect(await outboxOf(device)).toEqual([]);
  });

  test("an event that the directory refuses makes room for those behind it, and leaves a note", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    await env.DB.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON commands WHEN NEW.request_type = 'ProfileList' BEGIN SELECT RAISE(ABORT, 'never'); END",
    );
    const [refused, behind] = [await give(device, "ProfileList"), await give(device, "SecurityInfo")];
    const now = async () => {
      await rewrite(device, "UPDATE device SET outbox_retry_at = 0");
      await alarmOf(device);
    };

    for (let tries = 0; tries < 6; tries++) await now();
    await env.DB.exec("DROP TRIGGER refuse");

    expect(await outboxOf(device)).toEqual([]);
    const commands = await env.DB.prepare("SELECT uuid FROM commands WHERE device_id = ?")
      .bind(device.id)
      .all();
    expect(commands.results).toEqual([{ uuid: behind }]);
    const { json } = await ask("GET", `/api/v1/devices/${device.id}/events`);
    const note = json.items.find(({ name }: { name: string }) => name === "directory.refused");
    expect(note.detail).toMatchObject({ event: "command.queued", reason: expect.stringContaining("never") });
    expect(refused).toBeDefined();
  });
});

describe("what cannot be made for a device", () => {
  test("a profile that does not open fails by itself, and is told; the next one is installed", async () => {
    const device = await enrolledDevice();
    await settle(device);
    await libraryProfile("com.example.spoilt");
    await libraryProfile("com.example.whole");
    await env.DB.prepare(
      "UPDATE profiles SET sealed_content = 'AAAA' WHERE identifier = 'com.example.spoilt'",
    ).run();
    await putSet("office", { profiles: ["com.example.spoilt", "com.example.whole"] });

    await giveSets(device, ["office"]);
    await settle(device);

    const { json } = await ask("GET", `/api/v1/devices/${device.id}/profiles`);
    const states = json.items.map(({ identifier, state, reason }: Record<string, string>) => [
      identifier,
      state,
      reason,
    ]);
    expect(states).toEqual([
      ["com.example.spoilt", expect.any(String), expect.stringContaining("the profile cannot be made")],
      ["com.example.whole", "pending", null],
    ]);
    expect((await device.idle()).command?.requestType).toBe("InstallProfile");
    await ask("DELETE", "/api/v1/sets/office");
  });

  test("an asset's file that does not open keeps nothing else from any device", async () => {
    await declareNothingElse();
    const device = await enrolledDevice("mac");
    await settle(device);
    const asset = {
      identifier: "com.example.login",
      type: "com.apple.asset.credential.userpassword",
      payload: {},
    };
    await ask("PUT", `/api/v1/declarations/${asset.identifier}?validate=off`, {
      json: { type: asset.type, payload: asset.payload },
    });
    const uploaded = await ask("PUT", `/api/v1/declarations/${asset.identifier}/data?validate=off`, {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ UserName: "{{device.serial_number}}", Password: "x" }),
    });
    expect(uploaded.status).toBe(200);
    await env.DB.prepare("UPDATE asset_parts SET sealed = 'AAAA'").run();
    await ask("PUT", "/api/v1/declarations/com.example.echo?validate=off", {
      json: { type: "com.apple.configuration.management.test", payload: { Echo: "here" } },
    });
    await putSet("mixed", { declarations: [asset.identifier, "com.example.echo"] });

    await giveSets(device, ["mixed"]);
    await settle(device);
    await synchronised(device);

    expect(kept(device)).toEqual(["com.example.echo"]);
    await ask("DELETE", "/api/v1/sets/mixed");
  });

  test("a declaration that does not open is written again, and the device gets it when it comes back", async () => {
    await declareNothingElse();
    const device = await enrolledDevice("mac");
    await declare(device, [echo("com.example.first"), echo("com.example.second")]);
    await rewrite(
      device,
      "UPDATE declarations SET body = substr(body, 1, 40) WHERE identifier = 'com.example.first'",
    );

    await expect(synchronise(device, device)).rejects.toThrow("com.example.first was answered with 503");
    await settle(device);
    await synchronise(device, device);

    const answer = await ask("GET", `/api/v1/devices/${device.id}/events`);
    expect(answer.text).toContain("declarations.unreadable");
    expect(kept(device)).toEqual(["com.example.first", "com.example.second"]);
  });
});
