import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { forgetSettings } from "../../src/admin/settings.ts";
import { mapInFlight } from "../../src/base/in-flight.ts";
import { batchObject } from "../../src/commands/batch-object.ts";
import { ask, origin, tokenFor } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { silentDatabase } from "../support/broken-database.ts";
import { eventually } from "../support/eventually.ts";
import { alarmOf, enrolledDevice, give, newDevice, objectOf, stateOf, transport } from "../support/fleet.ts";
import { impatiently } from "../support/impatience.ts";
import { readyToEnroll, setEnrollment } from "../support/invitations.ts";
import { insertRows, seededRows } from "../support/seeded-fleet.ts";

const post = (json: object, query = "", token?: string) =>
  ask("POST", `/api/v1/batches${query}`, { json, ...(token === undefined ? {} : { token }) });

const read = async (id: string) => (await ask("GET", `/api/v1/batches/${id}`)).json;

/** Lets the batch do its next page now, however long it would wait. */
const nextPage = async (id: string): Promise<boolean> =>
  runDurableObjectAlarm(batchObject(env, id)).catch(() => true);

async function finish(id: string) {
  await eventually(async () => {
    await nextPage(id);
    expect((await read(id)).progress.next_page_at).toBeNull();
  });
  return read(id);
}

async function targetsOf(id: string, limit = 7) {
  const items = [];
  let cursor = "";
  do {
    const { json } = await ask("GET", `/api/v1/batches/${id}/targets?limit=${limit}${cursor}`);
    items.push(...json.items);
    cursor = json.next_cursor ? `&cursor=${json.next_cursor}` : "";
  } while (cursor !== "");
  return items;
}

async function fleet(...flavours: Parameters<typeof enrolledDevice>[0][]): Promise<AppleDevice[]> {
  const devices = await Promise.all(flavours.map((flavour) => enrolledDevice(flavour)));
  for (const device of devices) await alarmOf(device);
  return devices;
}

/** A device that was enrolled by a profile with no more rights than these. */
async function enrolledWithRights(rights: number): Promise<AppleDevice> {
  const setRights = (AccessRights: number | null) => setEnrollment({ mdm: { AccessRights } });
  await readyToEnroll();
  expect((await setRights(rights)).status).toBe(200);
  const profile = await transport(
    new Request(`${origin}/api/v1/enrollment/profile`, {
      headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}` },
    }),
  );
  const device = newDevice("iphone");
  await device.enroll({ profile: new Uint8Array(await profile.arrayBuffer()) });
  await setRights(8191);
  return device;
}

/** Lets the batch do its next page a day after it was to be done. */
async function nextPageLate(id: string): Promise<void> {
  const dueAt = Date.parse((await read(id)).progress.next_page_at);
  vi.useFakeTimers({ toFake: ["Date"], now: dueAt + 24 * 60 * 60_000 });
  try {
    await nextPage(id);
  } finally {
    vi.useRealTimers();
  }
}

const settle = (...devices: { id: string }[]) => Promise.all(devices.map(alarmOf));

test("a profile of the library goes to each device of a batch, filled in for it", async () => {
  const identifier = "com.example.batched";
  const profile = {
    PayloadDisplayName: "Room",
    PayloadContent: [
      {
        PayloadType: "com.apple.wifi.managed",
        SSID_STR: "{{device.serial_number}}",
        EncryptionType: "None",
      },
    ],
  };
  expect((await ask("PUT", `/api/v1/profiles/${identifier}`, { json: profile })).status).toBe(201);
  const devices = await fleet("iphone", "ipad");

  const { status, json } = await post({
    request_type: "InstallProfile",
    payload: { profile: identifier },
    targets: { ids: devices.map(({ id }) => id) },
  });

  expect([status, json.detail]).toEqual([201, undefined]);
  await finish(json.id);
  for (const device of devices) {
    const { command } = await device.idle();
    const payload = command?.payload.get("Payload");
    expect(Buffer.from(payload as Uint8Array).toString("latin1")).toContain(device.hardware.serialNumber);
  }
});

describe("one command for many", () => {
  test("each target gets it, and the outcomes are counted and listed", async () => {
    const [mac, phone] = (await fleet("mac", "iphone")) as [AppleDevice, AppleDevice];

    const created = await post({
      request_type: "ProfileList",
      targets: { ids: [mac.id, phone.id, "NOBODY"] },
    });

    expect(created.status, created.text).toBe(201);
    expect(created.headers.get("Location")).toBe(`/api/v1/batches/${created.json.id}`);
    expect(created.json).toMatchObject({ state: "running", targets: 3, warnings: [] });
    const { id } = created.json;
    expect(await finish(id)).toMatchObject({ state: "done", progress: { given: 2, refused: 1, failing: 0 } });

    await mac.converse();
    await phone.converse(() => ({ status: "CommandFormatError" }));
    await settle(mac, phone);

    expect((await read(id)).outcomes).toEqual({ acknowledged: 1, format_error: 1 });
    expect(await targetsOf(id, 1)).toEqual(
      [
        { device_id: mac.id, state: "acknowledged", reason: null },
        { device_id: phone.id, state: "format_error", reason: null },
        { device_id: "NOBODY", state: "refused", reason: "unknown-device" },
      ]
        .sort((a, b) => (a.device_id < b.device_id ? -1 : 1))
        .map((target) => expect.objectContaining(target)),
    );
  });

  test("a filter reaches the devices that the list would show", async () => {
    const [tv, other] = (await fleet("appleTv", "appleTv")) as [AppleDevice, AppleDevice];
    await ask("PATCH", `/api/v1/devices/${tv.id}`, { json: { tags: ["lobby"] } });

    const { json } = await post({
      request_type: "ProfileList",
      targets: { filter: { platform: "tvos", tag: "lobby" } },
    });
    await finish(json.id);

    expect(await stateOf(tv, json.id)).toBe("queued");
    expect(await stateOf(other, json.id)).toBeUndefined();
    expect((await ask("GET", "/api/v1/batches?limit=1")).json.items).toMatchObject([
      { id: json.id, state: "done" },
    ]);
  });

  test("targets that cannot take it are refused with the reason, the others get it", async () => {
    const [mac, phone] = (await fleet("mac", "iphone")) as [AppleDevice, AppleDevice];
    const order = { request_type: "EnableRemoteDesktop", targets: { ids: [mac.id, phone.id] } };

    const strict = (await post(order)).json.id;
    const lenient = (await post(order, "?validate=warn")).json.id;
    await finish(strict);
    await finish(lenient);
    await settle(mac, phone);

    const refused = await ask("GET", `/api/v1/batches/${strict}/targets?state=refused`);
    expect(refused.json.items.map(({ device_id }: { device_id: string }) => device_id)).toEqual([phone.id]);
    expect((await ask("GET", `/api/v1/batches/${strict}/targets?state=expired`)).json.items).toEqual([]);
    expect(await targetsOf(strict)).toContainEqual(
      expect.objectContaining({ device_id: phone.id, state: "refused", reason: "not-on-platform" }),
    );
    expect(await stateOf(mac, strict)).toBe("queued");
    expect(await stateOf(phone, lenient)).toBe("queued");
  });

  test("what only the enrollment tells is judged by the device's own object", async () => {
    const [shared, rich] = (await fleet("sharedIpad", "iphone")) as [AppleDevice, AppleDevice];
    await give(shared, "DeviceInformation", { Queries: ["IsMultiUser"] });
    await shared.converse();
    // It may be looked at, and asked what it is: without that right it does not tell its platform.
    const poor = await enrolledWithRights(1 + 16);
    await settle(shared, poor);

    const order = { request_type: "RequestUnlockToken", targets: { ids: [poor.id, shared.id, rich.id] } };
    const strict = (await post({ ...order, request_type: "RestartDevice" })).json.id;
    const onNoSharedIpad = (await post(order)).json.id;
    const lenient = (await post({ ...order, request_type: "RestartDevice" }, "?validate=warn")).json.id;
    for (const id of [strict, onNoSharedIpad, lenient]) await finish(id);
    await settle(poor, shared, rich);

    const refusals = async (id: string) =>
      (await targetsOf(id))
        .filter(({ state }) => state === "refused")
        .map(({ device_id, reason }) => [device_id, reason]);
    expect(await refusals(strict)).toEqual([[poor.id, "forbidden-by-access-rights"]]);
    expect(await refusals(onNoSharedIpad)).toEqual([[shared.id, "shared-ipad"]]);
    expect(await refusals(lenient)).toEqual([]);
  });

  test("what only the server knows is added for each", async () => {
    const [phone, mac] = (await fleet("iphone", "mac")) as [AppleDevice, AppleDevice];

    const ids = [phone.id, mac.id];
    const { json } = await post({ request_type: "ClearPasscode", targets: { ids }, confirm: 2 });
    await finish(json.id);
    await phone.converse();

    expect(phone.state.passcodePresent).toBe(false);
    expect(await targetsOf(json.id)).toContainEqual(
      expect.objectContaining({ device_id: mac.id, state: "refused", reason: "cannot-complete" }),
    );
  });

  test("what no device takes is refused before anything is made", async () => {
    const answer = await post({
      request_type: "RemoveProfile",
      payload: { Identifier: 1 },
      targets: { all: true },
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: "/payload/Identifier", code: "wrong-type" }]);
  });

  test.each([
    [{}, "/targets"],
    [{ targets: { ids: [] } }, "/targets"],
    [{ targets: { all: false } }, "/targets"],
    [{ targets: { all: true }, rate: 0 }, "/rate"],
    [{ targets: { all: true }, push: true }, "/request_type"],
    [{ targets: { all: true }, push: true, request_type: undefined, payload: {} }, "/payload"],
    [{ targets: { all: true }, request_type: undefined }, "/request_type"],
    [{ targets: { all: true }, expires_at: "2001-01-01T00:00:00Z" }, "/expires_at"],
  ])("%j is no batch", async (more, pointer) => {
    const answer = await post({ request_type: "ProfileList", ...more });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].pointer).toContain(pointer);
  });

  test("a user channel can be a target", async () => {
    const [mac] = (await fleet("mac")) as [AppleDevice];
    const user = mac.users[0]?.id ?? "";

    const { json } = await post({ request_type: "ProfileList", targets: { ids: [`${mac.id}:${user}`] } });
    await finish(json.id);

    expect(await stateOf(mac, json.id, user)).toBe("queued");
  });

  test("a rate spreads the pages over time", async () => {
    const devices = await fleet("iphone", "iphone", "iphone");

    const { json } = await post({
      request_type: "ProfileList",
      rate: 6,
      targets: { ids: devices.map(({ id }) => id) },
    });
    await eventually(async () => expect((await read(json.id)).progress.given).toBe(1));

    const next = Date.parse((await read(json.id)).progress.next_page_at);
    expect(next).toBeGreaterThan(Date.now() + 5_000);
    await nextPage(json.id);
    expect((await read(json.id)).progress.given).toBe(2);
  });

  test("the same Idempotency-Key makes one batch", async () => {
    const json = { request_type: "ProfileList", targets: { ids: ["NOBODY"] } };
    const headers = { "Idempotency-Key": "once" };

    const [first, second] = [
      await ask("POST", "/api/v1/batches", { json, headers }),
      await ask("POST", "/api/v1/batches", { json, headers }),
    ];

    expect(second.json.id).toBe(first.json.id);
  });

  test("a cancelled batch gives nothing more, and takes back what waits", async () => {
    const [waits, has, later] = (await fleet("iphone", "iphone", "iphone")) as AppleDevice[] as [
      AppleDevice,
      AppleDevice,
      AppleDevice,
    ];
    const ids = [waits.id, has.id, later.id];
    const { json } = await post({ request_type: "ProfileList", rate: 12, targets: { ids } });
    await eventually(async () => expect((await read(json.id)).progress.given).toBe(2));
    expect((await has.idle()).command?.uuid).toBe(json.id);
    await settle(waits, has);

    const cancelled = await ask("DELETE", `/api/v1/batches/${json.id}`);
    expect(cancelled.json.state).toBe("cancelled");
    const end = await finish(json.id);

    expect(end).toMatchObject({ state: "cancelled", progress: { given: 2 } });
    await settle(waits, has);
    expect((await read(json.id)).outcomes).toMatchObject({ cancelled: 1 });
    expect(await stateOf(waits, json.id)).toBe("cancelled");
    expect(await stateOf(has, json.id)).toBe("sent");
    expect(await stateOf(later, json.id)).toBeUndefined();
  });

  test("a target that cannot be reached is tried again, and then given up", async () => {
    const [phone] = (await fleet("iphone")) as [AppleDevice];
    const { id, targets } = await started([phone.id, "UNREACHABLE"]);
    expect(targets).toBe(2);
    const unreachable = { DEVICE: { getByName: (name: string) => deviceOr(name, "UNREACHABLE") } };

    for (let attempt = 0; attempt < 8; attempt++) {
      await pretend(id, unreachable);
      await nextPageLate(id);
    }

    expect(await finish(id)).toMatchObject({ state: "done", progress: { given: 1, refused: 1, failing: 0 } });
    await settle(phone);
    expect(await targetsOf(id)).toContainEqual(
      expect.objectContaining({ device_id: "UNREACHABLE", reason: "not-delivered", detail: "no way there" }),
    );
  });
});

/** A batch whose alarm waits for the test. */
async function started(ids: readonly string[]) {
  const { json } = await post({ request_type: "ProfileList", rate: 1, targets: { ids: [ids[0], ...ids] } });
  await eventually(async () => expect((await read(json.id)).progress.given).toBe(1));
  await runInDurableObject(batchObject(env, json.id), (_, state) => {
    const order = state.storage.kv.get<object>("order");
    const progress = state.storage.kv.get<object>("progress");
    state.storage.kv.put("order", { ...order, rate: null });
    const dueAt = Date.now() + 3_600_000;
    state.storage.kv.put("progress", { ...progress, cursor: { at: 0 }, given: 0, dueAt });
    void state.storage.setAlarm(dueAt);
  });
  return json as { id: string; targets: number };
}

const pretend = (id: string, bindings: object) =>
  runInDurableObject(batchObject(env, id), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, ...bindings }, configurable: true });
  });

function deviceOr(name: string, unreachable: string) {
  if (name === unreachable) throw new Error("no way there");
  return env.DEVICE.getByName(name);
}

describe("what cannot be undone", () => {
  const erase = (ids: readonly string[], more = {}) => ({
    request_type: "EraseDevice",
    targets: { ids },
    ...more,
  });

  test("needs the role admin", async () => {
    const answer = await post(erase(["A"]), "", await tokenFor("operator"));

    expect(answer.status).toBe(403);
  });

  test("reaches more than one device only with their number, and is then held, announced, and can be cancelled", async () => {
    const [one, two] = (await fleet("iphone", "iphone")) as [AppleDevice, AppleDevice];

    const unconfirmed = await post(erase([one.id, two.id]));
    expect(unconfirmed.status).toBe(409);
    expect(unconfirmed.json).toMatchObject({ targets: 2, detail: expect.stringContaining('"confirm": 2') });
    expect((await post(erase([one.id, two.id], { confirm: 3 }))).status).toBe(409);

    const held = await post(erase([one.id, two.id], { confirm: 2 }));
    expect(held.json).toMatchObject({ state: "held", progress: { given: 0 } });
    expect(Date.parse(held.json.held_until)).toBeGreaterThan(Date.now() + 9 * 60_000);
    const { results } = await env.DB.prepare("SELECT detail FROM events WHERE name = 'batch.held'").all<{
      detail: string;
    }>();
    expect(results.map(({ detail }) => JSON.parse(detail))).toContainEqual(
      expect.objectContaining({ batch: held.json.id, request_type: "EraseDevice", targets: 2 }),
    );

    await ask("DELETE", `/api/v1/batches/${held.json.id}`);
    await finish(held.json.id);
    expect(await stateOf(one, held.json.id)).toBeUndefined();
  });

  test("leaves when the time is over", async () => {
    const [one, two] = (await fleet("iphone", "iphone")) as [AppleDevice, AppleDevice];
    const { json } = await post(erase([one.id, two.id], { confirm: 2 }));

    await nextPage(json.id);

    expect(await stateOf(one, json.id)).toBe("queued");
    expect(await stateOf(two, json.id)).toBe("queued");
  });

  test("to one device is not held", async () => {
    const [one] = (await fleet("iphone")) as [AppleDevice];

    const { json } = await post(erase([one.id]));

    expect(json).toMatchObject({ state: "running", held_until: null });
  });

  test("a filter is counted, and a device that matches it later is not reached", async () => {
    const [one, two] = (await fleet("visionPro", "visionPro")) as [AppleDevice, AppleDevice];
    const order = { request_type: "EraseDevice", targets: { filter: { platform: "visionos" } } };

    expect((await post(order)).json.targets).toBe(2);
    const { json } = await post({ ...order, confirm: 2 });
    const [late] = (await fleet("visionPro")) as [AppleDevice];
    await finish(json.id);

    expect(await stateOf(one, json.id)).toBe("queued");
    expect(await stateOf(two, json.id)).toBe("queued");
    expect(await stateOf(late, json.id)).toBeUndefined();
  });

  test("reaches no more devices an hour than the setting allows, all batches together", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { destructive_targets_per_hour: 20 } });
    const ids = Array.from({ length: 12 }, (_, at) => `DEVICE-${at}`);

    expect((await post(erase([...ids, ..."abcdefghi"], { confirm: 21 }))).status).toBe(429);
    const answers = [await post(erase(ids, { confirm: 12 })), await post(erase(ids, { confirm: 12 }))];

    expect(answers.map(({ status }) => status)).toContain(429);
    await ask("PATCH", "/api/v1/settings", { json: { destructive_targets_per_hour: 500 } });
    forgetSettings();
  });

  test("a profile that holds an enrollment is not removed by a batch", async () => {
    const [mac, other] = (await fleet("mac", "mac")) as [AppleDevice, AppleDevice];
    const asked = await give(mac, "ProfileList");
    await mac.idle();
    await mac.acknowledge(asked, {
      ProfileList: [
        { PayloadIdentifier: "com.example.mdm", PayloadContent: [{ PayloadType: "com.apple.mdm" }] },
      ],
    });
    await settle(mac);

    const { json } = await post({
      request_type: "RemoveProfile",
      payload: { Identifier: "com.example.mdm" },
      targets: { ids: [mac.id, other.id] },
    });
    await finish(json.id);

    expect(await stateOf(mac, json.id)).toBeUndefined();
    expect(await stateOf(other, json.id)).toBe("queued");
  });
});

describe("what does not answer", () => {
  const silence = new Promise<never>(() => {});
  const deaf = (ids: readonly string[], deafTo: "enqueue" | "cancelCommand") => ({
    DEVICE: {
      getByName: (name: string) =>
        ids.includes(name) ? { [deafTo]: () => silence } : env.DEVICE.getByName(name),
    },
  });

  test("one object that does not answer keeps no other from its command, and gets it later, once", async () => {
    const [deafOne, other] = (await fleet("iphone", "iphone")) as [AppleDevice, AppleDevice];
    const { id } = await started([deafOne.id, other.id]);
    await pretend(id, deaf([deafOne.id], "enqueue"));

    await impatiently(15_000, () => nextPage(id));

    expect(await read(id)).toMatchObject({
      progress: { given: 1, failing: 1, next_page_at: expect.any(String) },
    });
    expect(await stateOf(other, id)).toBe("queued");
    await pretend(id, {});
    await nextPageLate(id);
    expect(await finish(id)).toMatchObject({ state: "done", progress: { given: 2, refused: 0, failing: 0 } });
    expect(await timesQueued(deafOne, id)).toBe(1);
  });

  test("a page that hangs elsewhere ends too, and is done again", async () => {
    const ids = (await fleet("iphone", "iphone")).map((device) => device.id);
    const { id } = (await post({ request_type: "EraseDevice", targets: { ids }, confirm: 2 })).json;
    await pretend(id, { DB: silentDatabase() });

    await impatiently(4 * 60_000, () => nextPage(id));

    expect(await lastFaultOf(id)).toBe("the page did not end within 240000 ms");
    await pretend(id, {});
    expect(await finish(id)).toMatchObject({ state: "done", progress: { given: 2 } });
  });

  test("a cancelled batch cancels the commands it can reach, and does not wait without end for the rest", async () => {
    const [deafOne, other] = (await fleet("iphone", "iphone")) as [AppleDevice, AppleDevice];
    const ids = [deafOne.id, other.id];
    const { json } = await post({ request_type: "ProfileList", targets: { ids } });
    await finish(json.id);
    await settle(deafOne, other);
    await ask("DELETE", `/api/v1/batches/${json.id}`);
    await pretend(json.id, deaf([deafOne.id], "cancelCommand"));

    await impatiently(15_000, () => finish(json.id));

    expect(await stateOf(other, json.id)).toBe("cancelled");
    expect(await stateOf(deafOne, json.id)).toBe("queued");
  });
});

describe("two alarms at a time", () => {
  test("do one page together", async () => {
    const [phone] = (await fleet("iphone")) as [AppleDevice];
    const { id } = await started([phone.id, "NOBODY"]);
    let asked = 0;
    await pretend(id, {
      DEVICE: {
        getByName: (name: string) => {
          if (name === phone.id) asked += 1;
          return env.DEVICE.getByName(name);
        },
      },
    });

    await runInDurableObject(batchObject(env, id), async (batch) => {
      await Promise.all([batch.alarm(), batch.alarm()]);
    });

    expect(asked).toBe(1);
    expect(await read(id)).toMatchObject({ state: "done", progress: { given: 1, refused: 1 } });
  });

  test("a fault of a page changes nothing of a batch that was cancelled meanwhile", async () => {
    const [phone] = (await fleet("iphone")) as [AppleDevice];
    const { id } = await started([phone.id, "NOBODY"]);
    const begun = Promise.withResolvers<void>();
    const { promise: answer, reject } = Promise.withResolvers<never>();
    const batch = () => {
      begun.resolve();
      return answer;
    };
    await pretend(id, { DB: { prepare: () => ({ bind: () => ({}) }), batch } });

    await runInDurableObject(batchObject(env, id), async (batch, state) => {
      const page = batch.alarm();
      await Promise.race([begun.promise, page.then(() => expect.unreachable("the page asked nothing"))]);
      Object.defineProperty(batch, "env", { value: env, configurable: true });
      await batch.cancel("test");
      const before = state.storage.kv.get("progress");
      reject(new Error("too late to matter"));
      await page;

      expect(state.storage.kv.get("progress")).toEqual(before);
    });
  });
});

const timesQueued = ({ id }: { id: string }, uuid: string): Promise<number> =>
  runInDurableObject(
    objectOf({ id }),
    (_, state) =>
      state.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM queue WHERE uuid = ?", uuid).one().n,
  );

const lastFaultOf = (id: string): Promise<unknown> =>
  runInDurableObject(
    batchObject(env, id),
    (_, state) => state.storage.kv.get<{ lastFault: unknown }>("progress")?.lastFault,
  );

describe("three hundred targets, and an object that is killed again and again", () => {
  let ids: string[] = [];

  beforeAll(async () => {
    const rows = seededRows(0, 300, Date.now()).devices.map((row) => ({
      ...row,
      state: "enrolled",
      kind: "ade",
    }));
    await insertRows(env.DB, "devices", rows);
    ids = rows.map((row) => String((row as { id?: unknown }).id));
    // Each with its alarm done: all objects share one thread here, and three hundred alarms keep it for seconds.
    await mapInFlight(ids, 25, async (id) => {
      await give({ id }, "SecurityInfo");
      await alarmOf({ id });
    });
  });

  test("every one has exactly one command in the end", async () => {
    const batch = await started(ids);
    let kills = 0;
    const deadly = (id: string) =>
      runInDurableObject(batchObject(env, id), (instance, state) => {
        let left = 20 + ((kills * 37) % 90);
        const getByName = (name: string) => {
          left -= 1;
          if (left === 0) {
            kills += 1;
            state.abort("killed");
          }
          return env.DEVICE.getByName(name);
        };
        Object.defineProperty(instance, "env", {
          value: { ...env, DEVICE: { getByName } },
          configurable: true,
        });
      }).catch(() => undefined);

    // Four times within the first page, and then wherever it is: once a page is done it goes on by itself.
    for (let turn = 0; turn < 8; turn++) {
      if (turn !== 4) await deadly(batch.id);
      await nextPage(batch.id);
    }
    const end = await finish(batch.id);

    expect(kills).toBeGreaterThan(3);
    expect(end).toMatchObject({ state: "done", progress: { given: 300, refused: 0, failing: 0 } });
    const counts = await mapInFlight(ids, 25, (id) => timesQueued({ id }, batch.id));
    expect(counts.every((count) => count === 1)).toBe(true);
  });
});

test("a batch is forgotten, with its object, when the headers of its commands are", async () => {
  const { json } = await post({ request_type: "ProfileList", targets: { ids: ["NOBODY"] } });
  await finish(json.id);

  await nextPage(json.id);
  expect((await ask("GET", `/api/v1/batches/${json.id}`)).status).toBe(200);
  await runInDurableObject(batchObject(env, json.id), (_, state) => {
    const order = state.storage.kv.get<object>("order");
    state.storage.kv.put("order", { ...order, createdAt: Date.now() - 91 * 24 * 60 * 60_000 });
  });
  await nextPage(json.id);

  expect((await ask("GET", `/api/v1/batches/${json.id}`)).status).toBe(404);
  const listed = await env.DB.prepare("SELECT count(*) AS n FROM batches WHERE id = ?").bind(json.id).first();
  expect(listed).toEqual({ n: 0 });
});
