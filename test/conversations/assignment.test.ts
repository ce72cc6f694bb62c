import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { sha256, toHex } from "../../src/base/bytes.ts";
import { setChanged } from "../../src/db/assignment-changes.ts";
import { applyTogether } from "../../src/db/directory.ts";
import { openDb } from "../../src/db/open.ts";
import { noMembers, putSet as putSetRow } from "../../src/db/sets.ts";
import { startAssigning } from "../../src/library/start-assigning.ts";
import { ask } from "../support/admin.ts";
import { type AppleDevice, declarationsOf, failed, plausibleAnswer } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { brokenDatabase } from "../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, invite, objectOf } from "../support/fleet.ts";
import { finish } from "../support/jobs.ts";

const eventsOf = async (device: { id: string }, name: string) => {
  const query = "SELECT detail FROM events WHERE device_id = ? AND name = ? ORDER BY seq";
  const { results } = await env.DB.prepare(query).bind(device.id, name).all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};

const profilesOf = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/devices/${device.id}/profiles`)).json.items;

/** The server does what is to be done, the device fetches it, and the server hears of that. */
async function follow(device: AppleDevice): Promise<string[]> {
  await settle(device);
  const turns = await device.converse();
  await settle(device);
  return turns.flatMap(({ command }) => (command ? [command.requestType] : []));
}

async function macWith(
  set: string,
  profiles: string[],
  options: Parameters<typeof enrolledDevice>[1] = {},
): Promise<AppleDevice> {
  const mac = await enrolledDevice("mac", options);
  await settle(mac);
  await putSet(set, { profiles });
  await giveSets(mac, [set]);
  return mac;
}

describe("a profile of a set", () => {
  test("is installed, replaced when it changes, and removed when it is taken away", async () => {
    await libraryProfile("com.example.wifi", { ssid: "Guests" });
    const mac = await macWith("office", ["com.example.wifi"]);

    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect(mac.profiles.get("com.example.wifi")?.payloads[0]?.get("SSID_STR")).toBe("Guests");
    expect(await profilesOf(mac)).toMatchObject([
      { identifier: "com.example.wifi", version: 1, state: "installed", installed_version: 1, channel: null },
    ]);

    await libraryProfile("com.example.wifi", { ssid: "Staff" });
    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect(mac.profiles.get("com.example.wifi")?.payloads[0]?.get("SSID_STR")).toBe("Staff");
    expect(await profilesOf(mac)).toMatchObject([{ state: "installed", installed_version: 2 }]);

    await giveSets(mac, []);
    expect(await follow(mac)).toEqual(["RemoveProfile"]);
    expect(mac.profiles.has("com.example.wifi")).toBe(false);
    expect(await profilesOf(mac)).toEqual([]);
    expect(await follow(mac)).toEqual([]);
  });

  test("is not sent while it is out of date: the newest takes its place in the queue", async () => {
    await libraryProfile("com.example.vpn", { ssid: "1" });
    const mac = await macWith("vpn", ["com.example.vpn"]);
    await settle(mac);
    for (const ssid of ["2", "3", "4"]) {
      await libraryProfile("com.example.vpn", { ssid });
      await settle(mac);
    }

    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect(mac.profiles.get("com.example.vpn")?.payloads[0]?.get("SSID_STR")).toBe("4");
  });

  test("that a device refuses has failed, with its reason, and is tried again a few times", async () => {
    await libraryProfile("com.example.bad");
    let isUnwilling = true;
    const mac = await macWith("bad", ["com.example.bad"], {
      policy: (command, channel) =>
        isUnwilling && command.requestType === "InstallProfile"
          ? failed(4001, "The payload is out of its mind.", "MCInstallationErrorDomain")
          : plausibleAnswer(command, channel),
    });

    await follow(mac);

    const [first] = await profilesOf(mac);
    expect(first).toMatchObject({ state: "failed", attempts: 1, installed_version: null });
    expect(first.reason).toContain("out of its mind");
    expect(Date.parse(first.retry_at)).toBeGreaterThan(Date.now() + 50 * 60_000);
    expect(await eventsOf(mac, "profile.failed")).toMatchObject([
      { identifier: "com.example.bad", attempt: 1 },
    ]);

    isUnwilling = false;
    await libraryProfile("com.example.bad", { ssid: "better" });
    await follow(mac);
    expect(await profilesOf(mac)).toMatchObject([{ state: "installed", reason: null, attempts: 0 }]);
  });

  test("comes again after a new enrollment, and stays through a renewal", async () => {
    await libraryProfile("com.example.again");
    const mac = await macWith("again", ["com.example.again"]);
    await follow(mac);

    await mac.authenticate();
    await mac.tokenUpdate();
    expect(await follow(mac)).toEqual([]);

    await mac.enroll({ ...(await invite({ udid: mac.hardware.udid })), freshKey: true });
    expect(await follow(mac)).toEqual(["InstallProfile"]);
  });
});

describe("declarations of a set", () => {
  const passcode = (MinimumLength: number) => ({
    Type: "com.apple.configuration.passcode.settings",
    Payload: { MinimumLength },
  });
  const declare = async (identifier: string, json: object, query = "") => {
    const answer = await ask("PUT", `/api/v1/declarations/${identifier}${query}`, { json });
    expect(answer.status, answer.text).toBeLessThan(300);
  };

  test("are synchronised, and again when one of them changes: five edits make one command", async () => {
    await declare("passcode", passcode(6));
    await declare("act", {
      Type: "com.apple.activation.simple",
      Payload: { StandardConfigurations: ["passcode"] },
    });
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await putSet("basics", { declarations: ["act", "passcode"] });
    await giveSets(phone, ["basics"]);

    expect(await follow(phone)).toEqual(["DeclarativeManagement"]);
    const { kept } = declarationsOf(phone);
    expect([...kept.keys()]).toEqual(expect.arrayContaining(["act", "passcode"]));

    for (let length = 1; length <= 5; length++) await declare("passcode", passcode(length));
    expect(await follow(phone)).toEqual(["DeclarativeManagement"]);
    expect(kept.get("passcode")?.Payload).toEqual({ MinimumLength: 5 });

    await giveSets(phone, []);
    expect(await follow(phone)).toEqual(["DeclarativeManagement"]);
    expect(kept.has("passcode")).toBe(false);
  });

  test("that refer to what the sets do not hold are given, with a warning", async () => {
    await declare("lonely-passcode", passcode(4));
    await declare("lonely", {
      Type: "com.apple.activation.simple",
      Payload: { StandardConfigurations: ["lonely-passcode"] },
    });

    const { warnings } = await putSet("lonely", { declarations: ["lonely"] });

    expect(warnings).toContainEqual({
      code: "loose-reference",
      detail: expect.stringContaining("lonely refers to lonely-passcode"),
    });
  });
});

describe("what is nothing for a device", () => {
  test("is not sent, and says why", async () => {
    await libraryProfile("com.example.phones", { top: { TargetDeviceType: 1 } });
    await libraryProfile("com.example.people", { top: { PayloadScope: "User" } });
    await libraryProfile("com.example.mobile", { payloadType: "com.apple.cellular" });
    const mac = await macWith("odd", ["com.example.mobile", "com.example.people", "com.example.phones"]);

    expect(await follow(mac)).toEqual([]);

    const why = "not_applicable" as const;
    expect(await profilesOf(mac)).toMatchObject([
      { state: why, reason: "com.apple.cellular: it does not exist on macos" },
      { state: why, reason: expect.stringContaining("its PayloadScope is User") },
      { state: why, reason: expect.stringContaining("its TargetDeviceType is 1 (iPhone and iPad)") },
    ]);
  });
});

describe("a device that has lost a profile", () => {
  const lose = async (mac: AppleDevice) => {
    mac.profiles.delete("com.example.lost");
    await give(mac, "ProfileList");
    await mac.converse();
  };

  test("gets it again, but not without end", async () => {
    await libraryProfile("com.example.lost");
    const mac = await macWith("lost", ["com.example.lost"]);
    await follow(mac);

    for (const repairs of [1, 2, 3]) {
      await lose(mac);
      expect(await follow(mac)).toEqual(["InstallProfile"]);
      expect(await profilesOf(mac)).toMatchObject([{ state: "installed", repairs }]);
    }

    await lose(mac);
    expect(await follow(mac)).toEqual([]);
    expect(await profilesOf(mac)).toMatchObject([
      { state: "failed", reason: "it was installed again 3 times within a day, and is missing again" },
    ]);
    expect((await eventsOf(mac, "profile.drifted")).map(({ given_up }) => given_up)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe("a set with a filter", () => {
  const setsOf = async (device: { id: string }) =>
    (await ask("GET", `/api/v1/devices/${device.id}/sets`)).json.sets;
  const byRule = (...names: string[]) => names.map((name) => ({ name, given: false, by_rule: true }));
  const patch = (device: { id: string }, json: object) =>
    ask("PATCH", `/api/v1/devices/${device.id}`, { json });

  test("follows the fleet: its devices have it, new ones as they come, and lose it as they change", async () => {
    await libraryProfile("com.example.lab");
    const [first, other] = [await enrolledDevice("mac"), await enrolledDevice("mac")];
    await settle(first, other);
    await patch(first, { tags: ["lab"] });
    await settle(first);

    const { filter } = await putSet("lab macs", {
      profiles: ["com.example.lab"],
      filter: { platform: "macos", tag: "lab", os_min: "11" },
    });
    expect(filter).toEqual({ platform: "macos", tag: "lab", os_min: "11" });
    expect(await follow(first)).toEqual(["InstallProfile"]);
    expect(await follow(other)).toEqual([]);
    expect(await setsOf(first)).toEqual(byRule("lab macs"));

    await patch(other, { tags: ["lab"] });
    expect(await follow(other)).toEqual(["InstallProfile"]);
    const holders = await ask("GET", "/api/v1/sets/lab%20macs/channels");
    expect(holders.json.items).toHaveLength(2);

    await patch(first, { tags: [] });
    expect(await follow(first)).toEqual(["RemoveProfile"]);
    expect(await setsOf(first)).toEqual([]);

    const standing = await ask("GET", "/api/v1/profiles/com.example.lab/devices");
    expect(standing.json).toMatchObject({
      items: [{ device_id: other.id, state: "installed", version: 1 }],
      counts: { installed: 1, pending: 0 },
    });
  });

  test("follows what a device tells of itself, and attributes", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    await putSet("supervised", { filter: { supervised: true } });
    await putSet("ring one", { filter: { attribute: "ring:1" } });
    expect(await follow(mac)).toEqual([]);
    expect(await setsOf(mac)).toEqual([]);

    await give(mac, "DeviceInformation", { Queries: ["IsSupervised"] });
    await mac.converse();
    await settle(mac);
    expect(await setsOf(mac)).toEqual(byRule("supervised"));

    await patch(mac, { attributes: { ring: "1" } });
    await settle(mac);
    expect(await setsOf(mac)).toEqual(byRule("ring one", "supervised"));
    expect((await ask("GET", "/api/v1/devices?attribute=ring:1")).json.items).toMatchObject([{ id: mac.id }]);

    await patch(mac, { attributes: { ring: null } });
    await putSet("supervised", {});
    await settle(mac);
    expect(await setsOf(mac)).toEqual([]);
  });

  test.each([
    [{}, "is empty"],
    [{ seen_after: "2026-01-01T00:00:00Z" }, "is not a known name"],
    [{ platform: "amiga" }, "platform"],
  ])("is refused with the filter %j", async (filter, detail) => {
    const { status, text } = await ask("PUT", "/api/v1/sets/odd", { json: { filter } });

    expect(status).toBe(400);
    expect(text).toContain(detail);
  });
});

describe("a set for many", () => {
  test("is given and taken in one request, and whom nobody knows is told", async () => {
    await libraryProfile("com.example.many");
    const [mac, phone] = [await enrolledDevice("mac"), await enrolledDevice("iphone")];
    await settle(mac, phone);
    await putSet("many", { profiles: ["com.example.many"] });
    const change = (json: object) => ask("POST", "/api/v1/sets/many/channels", { json });

    const given = await change({ give: [mac.id, phone.id, "nobody", `${phone.id}:nobody`] });
    expect(given.json).toEqual({ unknown: ["nobody", `${phone.id}:nobody`] });
    expect([await follow(mac), await follow(phone)]).toEqual([["InstallProfile"], ["InstallProfile"]]);

    await change({ take: [phone.id] });
    expect([await follow(mac), await follow(phone)]).toEqual([[], ["RemoveProfile"]]);
    expect((await ask("POST", "/api/v1/sets/none/channels", { json: { give: [mac.id] } })).status).toBe(404);
  });
});

describe("a set that is deleted", () => {
  test("is refused while somebody has it; by force, it is taken from everybody", async () => {
    await libraryProfile("com.example.doomed");
    const mac = await macWith("doomed", ["com.example.doomed"]);
    await follow(mac);

    expect((await ask("DELETE", "/api/v1/sets/doomed")).status).toBe(409);
    expect((await ask("DELETE", "/api/v1/sets/doomed?force=true")).status).toBe(204);
    expect((await ask("PUT", "/api/v1/sets/doomed", { json: {} })).status).toBe(409);

    expect(await follow(mac)).toEqual(["RemoveProfile"]);
    expect((await ask("PUT", "/api/v1/sets/doomed", { json: {} })).status).toBe(201);
    expect(await follow(mac)).toEqual([]);
  });
});

describe("a user channel", () => {
  test("has sets of its own, and gets what is for users", async () => {
    await libraryProfile("com.example.user", { top: { PayloadScope: "User" } });
    const mac = await enrolledDevice("mac", { managedUser: { shortName: "ada" } });
    await settle(mac);
    const [user] = mac.users;
    if (user === undefined) throw new Error("nobody is at the keyboard");
    await putSet("people", { profiles: ["com.example.user"] });
    await giveSets(mac, ["people"], user.id);

    await settle(mac);
    expect(await mac.converse()).toEqual([]);
    await user.converse();
    await settle(mac);

    expect([...user.profiles.keys()]).toEqual(["com.example.user"]);
    expect(await profilesOf(mac)).toMatchObject([{ channel: user.id, state: "installed" }]);
    const { name, serial } = (await ask("GET", `/api/v1/devices/${mac.id}`)).json;
    expect(serial).toBe(mac.hardware.serialNumber);
    expect((await ask("GET", "/api/v1/sets/people/channels")).json.items).toEqual([
      { device_id: mac.id, name, serial, channel: user.id, given: true, by_rule: false },
    ]);
    const standings = await ask("GET", "/api/v1/profiles/com.example.user/devices");
    expect(standings.json.items).toMatchObject([{ device_id: mac.id, serial, state: "installed" }]);
  });
});

describe("a change", () => {
  const lookAt = (device: { id: string }) =>
    runInDurableObject(
      objectOf(device),
      (_, state) => state.storage.sql.exec("SELECT intent_due_at AS at FROM device").one().at,
    );

  test("told fifty times is looked at once", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);

    await objectOf(mac).assignmentChanged({});
    const first = await lookAt(mac);
    for (let time = 0; time < 49; time++) await objectOf(mac).assignmentChanged({});

    expect(first).toEqual(expect.any(Number));
    expect(await lookAt(mac)).toBe(first);
    await alarmOf(mac);
    expect(await lookAt(mac)).toBeNull();
  });

  test("made quietly is known, and nobody is sent for until somebody says so", async () => {
    await libraryProfile("com.example.quiet");
    const mac = await macWith("quiet", []);
    await follow(mac);
    const db = openDb(env.DB);
    const members = { ...noMembers, profiles: ["com.example.quiet"] };
    await applyTogether(db, [
      ...putSetRow(db, { name: "quiet", description: "", filter: null, members }, Date.now()),
      setChanged(db, "quiet", { now: Date.now(), quiet: true }),
    ]);
    await startAssigning(env);

    expect(await follow(mac)).toEqual([]);
    expect(await profilesOf(mac)).toMatchObject([{ state: "pending", command_uuid: null }]);

    await giveSets(mac, ["quiet"]);
    expect(await follow(mac)).toEqual(["InstallProfile"]);
  });

  test("waits while D1 is away, and nothing is taken away meanwhile", async () => {
    await libraryProfile("com.example.patient");
    const mac = await macWith("patient", ["com.example.patient"]);
    await follow(mac);
    await giveSets(mac, []);
    await finish("assign");
    const useDatabase = (DB: D1Database) =>
      runInDurableObject(objectOf(mac), (instance) => {
        Object.defineProperty(instance, "env", { value: { ...env, DB }, configurable: true });
      });
    const faults = vi.spyOn(console, "error").mockImplementation(() => {});

    await useDatabase(brokenDatabase());
    await alarmOf(mac);
    expect(Number(await lookAt(mac))).toBeGreaterThan(Date.now() + 20_000);
    expect(await profilesOf(mac)).toMatchObject([{ state: "installed" }]);
    await useDatabase(env.DB);
    await alarmOf(mac);
    faults.mockRestore();

    expect(await follow(mac)).toEqual(["RemoveProfile"]);
  });
});

describe("the document of an asset", () => {
  test("is filled in for each device, which gets bytes of its own and their hash", async () => {
    await patchSettings(env, { provided_declarations: "none", status_items: [] }, Date.now());
    const [mac, other] = [await enrolledDevice("mac"), await enrolledDevice("mac")];
    const asset = { type: "com.apple.asset.credential.userpassword", payload: {} };
    await ask("PUT", "/api/v1/declarations/login", { json: asset });
    const upload = (json: object) => ask("PUT", "/api/v1/declarations/login/data", { json });
    const unknown = await upload({ UserName: "{{device.colour}}" });
    expect(unknown.json.errors).toMatchObject([{ code: "unknown-variable" }]);
    await upload({ UserName: '{{device.serial_number}} "{{attribute.desk}}"', Password: "x" });
    await settle(mac, other);
    await putSet("logins", { declarations: ["login"] });
    for (const [device, desk] of [
      [mac, '4"'],
      [other, "5"],
    ] as const) {
      await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { attributes: { desk } } });
      await giveSets(device, ["logins"]);
    }
    await settle(mac, other);

    await mac.converse();
    await other.converse();

    const reference = (device: AppleDevice) =>
      declarationsOf(device).kept.get("login")?.Payload.Reference as Record<string, string | number>;
    const fetched = await mac.line.download(String(reference(mac).DataURL));
    expect(JSON.parse(new TextDecoder().decode(fetched.body))).toEqual({
      UserName: `${mac.hardware.serialNumber} "4""`,
      Password: "x",
    });
    expect(fetched.body.length).toBe(reference(mac).Size);
    expect(toHex(await sha256(fetched.body))).toBe(reference(mac)["Hash-SHA-256"]);
    expect(reference(other)["Hash-SHA-256"]).not.toBe(reference(mac)["Hash-SHA-256"]);
    const stolen = String(reference(other).DataURL).replace(other.id, mac.id);
    expect((await mac.line.download(stolen, { attempts: 1 })).status).toBe(404);
  });
});

describe("what cannot be filled in", () => {
  test("stops that delivery, and says what is missing", async () => {
    await libraryProfile("com.example.rooms", { ssid: "{{attribute.room}} {{attribute.floor}}" });
    const mac = await macWith("rooms", ["com.example.rooms"]);

    expect(await follow(mac)).toEqual([]);
    expect(await eventsOf(mac, "assignment.withheld")).toEqual([
      {
        kind: "profile",
        identifier: "com.example.rooms",
        reason: "there is no value for attribute.floor, attribute.room",
        missing: "attribute.floor, attribute.room",
      },
    ]);
    expect(await profilesOf(mac)).toMatchObject([
      { state: "failed", reason: "there is no value for attribute.floor, attribute.room" },
    ]);

    await ask("PATCH", `/api/v1/devices/${mac.id}`, { json: { attributes: { floor: "3", room: "12" } } });
    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect(mac.profiles.get("com.example.rooms")?.payloads[0]?.get("SSID_STR")).toBe("12 3");
  });
});
