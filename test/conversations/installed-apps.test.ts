import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { listInstalledApps } from "../../src/db/installed-apps.ts";
import { openDb } from "../../src/db/open.ts";
import { applyEvents } from "../../src/events/apply.ts";
import type { PlistInput } from "../../src/plist/value.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, outboxOf } from "../support/fleet.ts";
import { planOf, recordingDatabase } from "../support/recording-database.ts";

type App = { [key: string]: PlistInput };

const app = (identifier: string, version: string): App => ({
  Identifier: identifier,
  Name: identifier.toUpperCase(),
  Version: `${version}.0`,
  ShortVersion: version,
});

async function has(device: AppleDevice, ...apps: App[]): Promise<void> {
  await give(device, "InstalledApplicationList");
  await device.converse(() => ({
    status: "Acknowledged",
    extra: { InstalledApplicationList: apps },
  }));
  await alarmOf(device);
}

const fleetApps = async (prefix: string) => {
  const { json } = await ask("GET", `/api/v1/installed-apps?prefix=${prefix}`);
  return json.items.map(
    ({ identifier, devices, versions }: { identifier: string; devices: number; versions: object[] }) => ({
      identifier,
      devices,
      versions,
    }),
  );
};

const devicesWith = async (identifier: string, query = ""): Promise<string[]> => {
  const { json } = await ask("GET", `/api/v1/installed-apps/${identifier}/devices${query}`);
  return json.items.map(({ device_id }: { device_id: string }) => device_id);
};

const rowsOf = async (device: AppleDevice) =>
  (await env.DB.prepare("SELECT * FROM device_apps WHERE device_id = ?").bind(device.id).all()).results;

describe("apps across the fleet", () => {
  test("are counted by version, and follow what devices tell", async () => {
    const [a, b] = [await enrolledDevice("mac"), await enrolledDevice("iphone")];
    await has(a, app("one.x", "1.0"), app("one.y", "7"));
    await has(b, app("one.x", "1.0"));

    await has(a, app("one.x", "2.0"));

    expect(await fleetApps("one.")).toEqual([
      {
        identifier: "one.x",
        devices: 2,
        versions: [
          { version: "1.0", devices: 1 },
          { version: "2.0", devices: 1 },
        ],
      },
    ]);
    expect(await devicesWith("one.x")).toEqual([b.id, a.id]);
    expect(await devicesWith("one.x", "?version=2.0")).toEqual([a.id]);
    expect(await devicesWith("one.y")).toEqual([]);
  });

  test("what arrives twice, or late, is counted once", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    await give(device, "InstalledApplicationList");
    await device.converse(() => ({
      status: "Acknowledged",
      extra: { InstalledApplicationList: [app("two.x", "1.0")] },
    }));
    await alarmOf(device);
    const seq = Date.now() * 1000;
    const told = { seq, at: 0, name: "inventory.updated" as const, detail: {} };
    const older = { ...told, change: { apps: [["two.x", "0.9", "X"]] as const } };
    const newer = { ...told, seq: seq + 1, change: { apps: [["two.x", "3.0", "X"]] as const } };

    for (const batch of [[older, newer], [newer], [older], [older, newer]]) {
      await applyEvents(openDb(env.DB), device.id, batch);
    }

    expect(await fleetApps("two.")).toEqual([
      { identifier: "two.x", devices: 1, versions: [{ version: "3.0", devices: 1 }] },
    ]);
  });

  test("a device that leaves is counted no more, and when it comes back it is", async () => {
    const device = await enrolledDevice();
    await has(device, app("three.x", "1.0"));
    await device.checkOut();
    await alarmOf(device);
    expect(await fleetApps("three.")).toEqual([]);

    const other = await enrolledDevice();
    await has(other, app("three.x", "1.0"));
    await other.tokenUpdate();
    await ask("DELETE", `/api/v1/devices/${other.id}?force=true`);

    expect(await fleetApps("three.")).toEqual([]);
    expect(await rowsOf(other)).toEqual([]);
  });

  test("an unchanged list writes nothing, whatever order it comes in", async () => {
    const device = await enrolledDevice();
    await has(device, app("four.x", "1"), app("four.y", "1"));
    const before = await env.DB.prepare("SELECT count(*) AS n FROM events").first();

    await give(device, "InstalledApplicationList");
    await device.converse(() => ({
      status: "Acknowledged",
      extra: { InstalledApplicationList: [app("four.y", "1"), { ...app("four.x", "1"), DynamicSize: 9 }] },
    }));

    expect((await outboxOf(device)).filter(({ name }) => name === "inventory.updated")).toEqual([]);
    await alarmOf(device);
    const after = await env.DB.prepare("SELECT count(*) AS n FROM events").first<{ n: number }>();
    // The command's own two events.
    expect(after?.n).toBe((before?.n as number) + 2);
  });

  test("5,000 apps are kept, listed in pages and counted; what is beyond is only counted by number", async () => {
    const device = await enrolledDevice("mac");
    const many = Array.from({ length: 5_200 }, (_, n) => app(`five.${String(n).padStart(5, "0")}`, "1.0"));

    await has(device, ...many);

    const seen = new Set<string>();
    let cursor = "";
    do {
      const { json } = await ask(
        "GET",
        `/api/v1/devices/${device.id}/apps?limit=200${cursor && `&cursor=${cursor}`}`,
      );
      expect(json.total).toBe(5_200);
      for (const { identifier } of json.items) seen.add(identifier);
      cursor = json.next_cursor;
    } while (cursor);
    expect(seen.size).toBe(5_000);
    expect(await rowsOf(device)).toHaveLength(5_000);
  });

  test("lists walk an index, and pages count each app once", async () => {
    const recording = recordingDatabase(env.DB);
    const first = await listInstalledApps(openDb(recording.db), { prefix: "five." }, 3);
    const next = await listInstalledApps(
      openDb(recording.db),
      { prefix: "five.", after: first.at(-1)?.identifier },
      3,
    );

    expect([...first, ...next].map(({ identifier }) => identifier)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `five.0000${n}`),
    );
    for (const statement of recording.statements) {
      const plan = (await planOf(env.DB, statement)).join("; ");
      expect(plan).toMatch(/SEARCH apps USING (COVERING )?INDEX/);
      expect(plan).not.toContain("TEMP B-TREE");
    }
  });
});

describe("the apps that a device manages", () => {
  const listOf = async (device: AppleDevice, list: string) =>
    (await ask("GET", `/api/v1/devices/${device.id}/${list}`)).json;

  async function manages(device: AppleDevice, ManagedApplicationList: PlistInput): Promise<void> {
    await give(device, "ManagedApplicationList");
    await device.converse(() => ({ status: "Acknowledged", extra: { ManagedApplicationList } }));
    await alarmOf(device);
  }

  test("are told apart in its list, with their state and its reasons", async () => {
    const device = await enrolledDevice("iphone");
    await has(device, app("five.own", "1"), app("five.managed", "1"));
    const before = await listOf(device, "apps");

    await manages(device, {
      "five.managed": { Status: "Managed", ManagementFlags: 1, HasConfiguration: true },
      "five.failed": { Status: "Failed", RejectionReason: "AppStoreDisabled" },
      "five.odd": "not a dictionary",
    });

    expect(before.items.map(({ managed }: { managed?: boolean }) => managed)).toEqual([undefined, undefined]);
    const { items, total } = await listOf(device, "apps");
    expect(total).toBe(3);
    expect(items).toMatchObject([
      {
        identifier: "five.failed",
        managed: true,
        management_state: "Failed",
        management_reasons: ["AppStoreDisabled"],
      },
      { identifier: "five.managed", name: "FIVE.MANAGED", managed: true, management_state: "Managed" },
      { identifier: "five.own", managed: false },
    ]);
    expect((await listOf(device, "managed-apps")).items).toMatchObject([
      { identifier: "five.failed", state: "Failed" },
      { identifier: "five.managed", has_configuration: true, management_flags: 1 },
    ]);
  });

  test("are not taken from an answer about some of them", async () => {
    const device = await enrolledDevice("iphone");
    await give(device, "ManagedApplicationList", { Identifiers: ["six.x"] });
    await device.converse(() => ({
      status: "Acknowledged",
      extra: { ManagedApplicationList: { "six.x": { Status: "Managed" } } },
    }));
    await alarmOf(device);

    expect(await listOf(device, "managed-apps")).toMatchObject({ items: [], as_of: null });
  });
});
