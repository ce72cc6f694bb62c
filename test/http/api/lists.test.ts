import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { listCommandsOf } from "../../../src/db/commands.ts";
import { countDevices, type DevicePlace, sortDevices } from "../../../src/db/device-list.ts";
import { openDb } from "../../../src/db/open.ts";
import { api } from "../../../src/http/api/app.ts";
import { writeCsv } from "../../../src/http/api/route/csv.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { itemOf } from "../../../src/http/api/route/schemas.ts";
import { ask } from "../../support/admin.ts";
import { planOf, recordingDatabase } from "../../support/recording-database.ts";
import { insertRows, seededRows } from "../../support/seeded-fleet.ts";

const now = Date.UTC(2026, 10, 1);
const fleet = seededRows(0, 300, now);

beforeAll(async () => {
  for (const [table, rows] of Object.entries(fleet)) await insertRows(env.DB, table, rows);
});

async function walk(path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, json, text } = await ask("GET", `/api/v1/${path}&limit=37${more}`);
    expect(status, text).toBe(200);
    items.push(...json.items);
    cursor = json.next_cursor;
  }
  return items;
}

/** What a device has not said is the least of its order. */
const least = (value: unknown): string | number =>
  typeof value === "string" ? value.toLowerCase() : ((value as number | null) ?? "");
const isRising = (values: (string | number)[]): boolean =>
  values.every((value, at) => at === 0 || (values[at - 1] as string | number) <= value);

describe("the list of devices, sorted", () => {
  test.each(["id", "name", "serial", "enrolled_at", "last_seen_at"])(
    "by %s, both ways, each device once",
    async (by) => {
      for (const filter of ["", "state=enrolled&"]) {
        const rising = await walk(`devices?${filter}sort=${by}`);
        const falling = await walk(`devices?${filter}sort=-${by}`);

        const wanted = fleet.devices.filter(({ state }) => filter === "" || state === "enrolled");
        expect(new Set(rising.map(({ id }) => id)).size).toBe(wanted.length);
        expect(rising).toHaveLength(wanted.length);
        expect(isRising(rising.map((device) => least(device[by])))).toBe(true);
        expect(falling.map(({ id }) => id)).toEqual(rising.map(({ id }) => id).reverse());
      }
    },
  );

  test("by OS version, as versions and not as texts", async () => {
    const versions = (await walk("devices?platform=ios&sort=os_version")).map(({ os_version }) => os_version);

    expect(versions.indexOf("16.7.8")).toBeLessThan(versions.indexOf("18.1"));
  });

  test("many devices along the index of the order, few by their filter: the same list, and nothing is looked through whole", async () => {
    const db = openDb(env.DB);
    const order = { by: "name", falling: true } as const;
    const whole = await sortDevices(db, { state: "enrolled" }, order, 1_000, undefined);
    const found: string[] = [];
    for (let place: DevicePlace | undefined, more = true; more; ) {
      const page = await sortDevices(db, { state: "enrolled" }, order, 5, place, { longest: 20, sorted: 10 });
      found.push(...page.rows.map(({ row }) => row.id));
      place = page.stoppedAt ?? page.rows.at(-1)?.place;
      more = page.stoppedAt !== undefined || page.rows.length === 5;
    }

    expect(found).toEqual(whole.rows.map(({ row }) => row.id));
    for (const by of ["name", "serial", "os_version", "enrolled_at", "last_seen_at"] as const) {
      const { db: recorded, statements } = recordingDatabase(env.DB);
      const [first] = (await sortDevices(openDb(recorded), {}, { by, falling: false }, 1, undefined)).rows;
      await sortDevices(openDb(recorded), { state: "enrolled" }, { by, falling: true }, 1, first?.place, {
        sorted: 1,
      });
      for (const statement of statements) {
        const plan = await planOf(env.DB, statement);
        expect(plan.join("; "), by).toMatch(/USING (COVERING )?INDEX/);
        expect(plan.join("; "), by).not.toContain("TEMP B-TREE");
      }
    }
  });

  test("refuses a cursor of another order", async () => {
    const { json } = await ask("GET", "/api/v1/devices?sort=name&limit=1");
    const { status } = await ask("GET", `/api/v1/devices?sort=-name&limit=1&cursor=${json.next_cursor}`);

    expect(status).toBe(400);
  });
});

describe("a count", () => {
  test("says how many devices there are, or how many pass the filters", async () => {
    const all = await ask("GET", "/api/v1/devices?limit=1&count=true");
    const some = await ask("GET", "/api/v1/devices?limit=1&count=true&state=enrolled&platform=macos");

    const macs = fleet.devices.filter(({ state, platform }) => state === "enrolled" && platform === "macos");
    expect(all.json.count).toEqual({ items: 300, complete: true });
    expect(some.json.count).toEqual({ items: macs.length, complete: true });
  });

  test("ends at its bound, and says so", async () => {
    expect(await countDevices(openDb(env.DB), {}, 100)).toEqual({ count: 100, isAll: false });
    expect(await countDevices(openDb(env.DB), {}, 300)).toEqual({ count: 300, isAll: true });
  });

  test("of another list is of the whole list, on every page", async () => {
    for (const name of ["a", "b", "c"]) await ask("PUT", `/api/v1/sets/${name}`, { json: {} });

    const first = await ask("GET", "/api/v1/sets?limit=2&count=true");
    const second = await ask("GET", `/api/v1/sets?limit=2&count=true&cursor=${first.json.next_cursor}`);

    expect([first.json.count, second.json.count]).toEqual([
      { items: 3, complete: true },
      { items: 3, complete: true },
    ]);
  });
});

describe("other lists, sorted", () => {
  test("by a field of their items, page by page", async () => {
    for (const [name, description] of [
      ["s1", "beta"],
      ["s2", "Alpha"],
      ["s3", "gamma"],
    ])
      await ask("PUT", `/api/v1/sets/${name}`, { json: { description } });

    const sorted: string[] = [];
    for (let cursor = ""; ; ) {
      const { json, text, status } = await ask("GET", `/api/v1/sets?sort=-description&limit=1${cursor}`);
      expect(status, text).toBe(200);
      sorted.push(json.items[0].description);
      if (json.next_cursor === null) break;
      cursor = `&cursor=${json.next_cursor}`;
    }

    expect(sorted.filter((text) => text !== "")).toEqual(["gamma", "beta", "Alpha"]);
  });

  test("are refused by a field that they have not, or when they are too long", async () => {
    const rows = Array.from({ length: 1_001 }, (_, number) => ({
      token_id: "t",
      token_name: "t",
      role: "admin",
      method: "GET",
      route: "r",
      target: "x",
      status: 200,
      request_id: `${number}`,
      ip: null,
      at: number,
    }));
    await insertRows(env.DB, "audit_entries", rows);

    expect((await ask("GET", "/api/v1/sets?sort=nothing")).status).toBe(400);
    const { status, json } = await ask("GET", "/api/v1/audit?sort=status");
    expect([status, json.errors[0].code]).toEqual([400, "too-many"]);
    expect((await ask("GET", "/api/v1/audit?count=true")).json.count).toEqual({
      items: 1_000,
      complete: false,
    });
  });
});

describe("a search", () => {
  test("finds serial numbers, UDIDs, names and users in whatever case", async () => {
    const [first] = fleet.devices;
    const [mac] = fleet.channels.filter(({ user_short_name }) => user_short_name !== null);
    const upper = (text: unknown) => encodeURIComponent(String(text).toUpperCase());
    const lower = (text: unknown) => encodeURIComponent(String(text).toLowerCase());
    const ids = async (query: string) => (await walk(`devices?${query}`)).map(({ id }) => id);

    for (const cased of [upper, lower]) {
      expect(await ids(`serial=${cased(first?.serial)}`)).toEqual([first?.id]);
      expect(await ids(`search=${cased(first?.serial)}`)).toEqual([first?.id]);
      expect(await ids(`search=${cased(first?.id)}`)).toEqual([first?.id]);
      expect(await ids(`search=${cased(first?.name)}`)).toContain(first?.id);
      expect(await ids(`user=${cased(mac?.user_short_name)}`)).toContain(mac?.device_id);
      expect(await ids(`search=${cased(mac?.user_short_name)}`)).toContain(mac?.device_id);
    }
  });
});

describe("a list as a table", () => {
  const table = (path: string) => ask("GET", path, { headers: { Accept: "text/csv" } });

  test("has a line a device and the names of its fields, and leads to its next page", async () => {
    const first = await table("/api/v1/devices?sort=id&limit=200");
    const next = /<(.*)>; rel="next"/.exec(first.headers.get("Link") ?? "")?.[1] ?? "";
    const second = await table(next);

    const lines = (first.text + second.text).trimEnd().split("\r\n");
    expect(first.headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
    expect(lines[0]).toMatch(/^id,state,kind,platform,name,serial,.*proven\.serial_number,/);
    expect(lines).toHaveLength(301);
    expect(second.headers.get("Content-Type")).toContain("header=absent");
    expect(second.headers.get("Link")).toBeNull();
    const whole = await table("/api/v1/devices?sort=id");
    expect(whole.text).toBe(first.text + second.text);
  });

  test("holds no cell that a spreadsheet would take for a formula", () => {
    const cells = [
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      " =1",
      "＝1",
      'a"b',
      "a,b",
      "x\ny",
      -1,
      null,
      true,
      ["=1"],
    ];

    expect(writeCsv([cells])).toBe(
      `'=1+1,'+1,'-1,'@SUM(A1),"'\t=1","'\r=1",' =1,'＝1,"a""b","a,b","x\ny",-1,,true,"[""=1""]"\r\n`,
    );
  });

  test("a hostile name of a device comes out harmless", async () => {
    await env.DB.prepare("UPDATE devices SET name = ? WHERE id = ?")
      .bind('=HYPERLINK("https://evil.example","x")', fleet.devices[0]?.id)
      .run();

    const { text } = await table(`/api/v1/devices?search=${fleet.devices[0]?.id}`);

    expect(text).toContain(`"'=HYPERLINK(""https://evil.example"",""x"")"`);
  });

  test("every list without parameters in its path comes as one", async () => {
    const lists = operationsOf(api).filter(({ method, path, part }) => {
      const answer = part.answers?.[200];
      return (
        method === "GET" && !path.includes("{") && typeof answer === "object" && itemOf(answer) !== undefined
      );
    });

    expect(lists.length).toBeGreaterThan(20);
    for (const { path } of lists) {
      const query = path === "/api/v1/status-items" ? "?path=x" : "";
      const { status, headers, text } = await table(`${path}${query}`);
      expect([status, headers.get("Content-Type")], `${path} ${text}`).toEqual([
        200,
        "text/csv; charset=utf-8; header=present",
      ]);
      expect(text.split("\r\n")[0], path).toMatch(/^[\w.,]+$/);
    }
  });
});

describe("by state", () => {
  test("events, and the channels of a command", async () => {
    const states = ["acknowledged", "error", "acknowledged", "expired"];
    await insertRows(
      env.DB,
      "events",
      states.map((state, seq) => ({
        device_id: "STATED",
        seq,
        name: "command.finished",
        user_id: null,
        detail: JSON.stringify({ state, seq }),
        at: now,
      })),
    );
    await insertRows(
      env.DB,
      "commands",
      states.map((state, number) => ({
        uuid: "STATED",
        device_id: `STATED-${number}`,
        user_id: "",
        request_type: "DeviceLock",
        state,
        origin: "test",
        seq: 1,
        queued_at: now,
      })),
    );

    const events = await ask("GET", "/api/v1/devices/STATED/events?state=acknowledged&count=true");
    const channels = await walk("commands/STATED?state=acknowledged");

    expect(events.json.items.map(({ detail }: { detail: { seq: number } }) => detail.seq)).toEqual([2, 0]);
    expect(events.json.count).toEqual({ items: 2, complete: true });
    expect(channels.map(({ device_id }) => device_id)).toEqual(["STATED-0", "STATED-2"]);
    const page = await listCommandsOf(openDb(env.DB), "STATED", 5, undefined, "expired", 2);
    expect(page).toEqual({ rows: [], stoppedAt: ["STATED-1", ""] });
  });
});
