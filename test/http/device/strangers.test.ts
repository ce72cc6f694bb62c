import {
  createExecutionContext,
  evictDurableObject,
  listDurableObjectIds,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { app } from "../../../src/app.ts";
import { utf8 } from "../../../src/base/bytes.ts";
import { ask } from "../../support/admin.ts";
import { selfSigned } from "../../support/apple-device/certificate.ts";
import { type AppleDevice, newKey } from "../../support/apple-device.ts";
import { brokenDatabase } from "../../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, newDevice, objectOf, stateOf } from "../../support/fleet.ts";

afterEach(() => vi.restoreAllMocks());

/** Another isolate, which has seen nobody yet. An object that runs goes down with the modules it came from. */
async function coldWorker(...devices: AppleDevice[]): Promise<typeof app> {
  vi.resetModules();
  for (const device of devices) await evictDurableObject(objectOf(device));
  return (await import("../../../src/app.ts")).app;
}

/** The Worker with its bindings under observation: which objects were addressed, how often D1 was asked. */
function watched(worker = app, database: D1Database = env.DB) {
  const objects: string[] = [];
  const statements: string[] = [];
  const bindings = {
    ...env,
    DEVICE: {
      getByName(id: string) {
        objects.push(id);
        return env.DEVICE.getByName(id);
      },
    },
    DB: {
      prepare(sql: string) {
        statements.push(sql);
        return database.prepare(sql);
      },
      batch: database.batch.bind(database),
    },
  } as unknown as Env;
  const transport = async (request: Request): Promise<Response> => {
    const context = createExecutionContext();
    const answer = await worker.fetch(request, bindings, context);
    await waitOnExecutionContext(context);
    return answer;
  };
  return { objects, statements, transport };
}

/** The device speaks to that Worker; everything else about it stays. */
function through(device: AppleDevice, { transport }: ReturnType<typeof watched>): AppleDevice {
  device.line.options.transport = transport;
  return device;
}

/** It signs well, with a certificate that it made for itself. */
async function stranger(worker: ReturnType<typeof watched>): Promise<AppleDevice> {
  const device = newDevice("mac", { transport: worker.transport });
  const key = await newKey("RSA-2048");
  const now = Date.now();
  const certificate = selfSigned({
    key,
    subject: [[["CN", "anybody"]]],
    serial: 7,
    notBefore: now - 1000,
    notAfter: now + 86_400_000,
    clientAuth: true,
  });
  device.line.identity = { key, certificate };
  device.line.management = { ...(await enrolledDevice("mac")).line.managed };
  return device;
}

const report = (device: { id: string }, bytes: number) =>
  utf8(
    `<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>${device.id}</string><key>Filler</key><string>${"x".repeat(bytes)}</string></dict></plist>`,
  );

const pulled = (bytes: number) => {
  let read = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read >= bytes) return controller.close();
      read += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  return { body, read: () => read };
};

const put = (body: ReadableStream, headers: Record<string, string>) =>
  new Request("https://mdm.example/mdm", { method: "PUT", body, headers });

describe("before a body is read", () => {
  test.each([
    ["no identity at all", {}],
    ["a signature that is no base64", { "Mdm-Signature": "?" }],
    ["a signature that is none", { "Mdm-Signature": "AAAA" }],
    ["a signature that is too long", { "Mdm-Signature": "A".repeat(14_000) }],
  ])("%s is answered 400", async (_, headers) => {
    const { body, read } = pulled(25 * 1024 * 1024);

    const answer = await watched().transport(put(body, headers));

    expect(answer.status).toBe(400);
    expect(read(), "no more than a stream holds ready by itself").toBeLessThanOrEqual(65_536);
  });

  test("a stranger's certificate is looked at: it may send a megabyte", async () => {
    const device = await stranger(watched());
    const { body, read } = pulled(25 * 1024 * 1024);
    const signature = device.line.signature(new Uint8Array(), device.line.identity as never);

    const answer = await watched().transport(put(body, { "Mdm-Signature": signature }));

    expect(answer.status).toBe(413);
    expect(read()).toBeLessThan(1_300_000);
  });

  test("a device's is too: it may send what it has to say", async () => {
    const device = await enrolledDevice();

    expect((await device.line.connect(report(device, 3_000_000))).status).toBe(200);
  });
});

describe("strangers with certificates of their own", () => {
  test("address no object and write nothing, whatever ids they name", async () => {
    const worker = watched();
    const device = await stranger(worker);
    const before = await listDurableObjectIds(env.DEVICE);
    const statuses = new Set<number>();

    for (let count = 0; count < 25; count++) {
      device.hardware = { ...device.hardware, udid: crypto.randomUUID() };
      for (const answer of [await device.authenticate(), await device.tokenUpdate(), await device.idle()])
        statuses.add(answer.status);
    }

    expect([...statuses]).toEqual([403]);
    expect(worker.objects).toEqual([]);
    expect(await listDurableObjectIds(env.DEVICE)).toHaveLength(before.length);
    expect(worker.statements.filter((sql) => !/^select/i.test(sql))).toEqual([]);
  });

  test("download nothing, and address no object to be told so", async () => {
    const worker = watched();
    const device = await stranger(worker);

    const answer = await device.line.download(`https://mdm.example/mdm/data/${device.id}/${"0".repeat(64)}`);

    expect([answer.status, worker.objects]).toEqual([403, []]);
  });

  test("are told to leave only where settings say so, and never in the name of a device of ours", async () => {
    const worker = watched();
    const ours = await enrolledDevice("mac");
    await alarmOf(ours);
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "unenroll" } });
    const [impostor, lost] = [await stranger(worker), await stranger(worker)];
    impostor.claimToBe(ours);

    expect((await lost.authenticate()).status).toBe(403);
    await impostor.idle();
    await lost.idle();

    expect([impostor.isEnrolled, lost.isEnrolled]).toEqual([true, false]);
    expect(worker.objects).toEqual([]);
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "refuse" } });
  });
});

describe("an enrolled device", () => {
  test("costs one call of one object and no D1, in an isolate that has seen it", async () => {
    const worker = watched();
    const device = through(await enrolledDevice(), worker);
    await device.idle();
    const before = { objects: worker.objects.length, statements: worker.statements.length };

    expect((await device.idle()).status).toBe(200);

    expect(worker.objects.slice(before.objects)).toEqual([device.id]);
    expect(worker.statements.slice(before.statements)).toEqual([]);
  });

  test("costs a fresh isolate one question to D1, for the authorities", async () => {
    const device = await enrolledDevice();
    const worker = watched(await coldWorker(device));

    expect((await through(device, worker).idle()).status).toBe(200);

    expect(worker.objects).toEqual([device.id]);
    expect(worker.statements).toEqual([expect.stringContaining("FROM authorities")]);
  });

  test("is served by a fresh isolate while D1 is away, which asks D1 once and not each time", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceInformation");
    const worker = watched(await coldWorker(device), brokenDatabase());
    through(device, worker);

    expect((await device.idle()).command?.uuid).toBe(uuid);
    expect((await device.acknowledge(uuid)).status).toBe(200);

    expect(await stateOf(device, uuid)).toBe("acknowledged");
    expect(worker.statements, "one question, tried twice").toHaveLength(2);
  });

  test("is told to come back with a large report by a fresh isolate that cannot ask D1", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const device = await enrolledDevice();
    through(device, watched(await coldWorker(device), brokenDatabase()));

    const answer = await device.line.connect(report(device, 3_000_000), { attempts: 1 });

    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "60"]);
  });

  test("a stranger gets nothing written in that isolate either", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const device = await stranger(watched());
    through(device, watched(await coldWorker(), brokenDatabase()));

    expect((await device.line.connect(report(device, 10), { attempts: 1 })).status).toBe(503);

    expect(await env.DEVICE.getByName(device.id).describe()).toBeUndefined();
  });

  test("is served by an isolate whose list of authorities is old, and that asks for a new one beside the answer", async () => {
    const device = await enrolledDevice();
    const worker = watched();
    through(device, worker);
    await device.idle();
    const before = worker.statements.length;
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 61_000);

    await device.idle();
    await device.idle();

    expect(worker.statements.slice(before)).toEqual([expect.stringContaining("FROM authorities")]);
  });

  test("of an authority that was added a moment ago elsewhere is no stranger", async () => {
    const device = await enrolledDevice();
    const worker = watched(await coldWorker(device));
    through(device, worker);
    // That isolate asked while there was no authority yet.
    const { loadAuthorities } = await import("../../../src/enrollment/authority.ts");
    const none = { ...env, DB: { prepare: () => env.DB.prepare("SELECT * FROM authorities WHERE 0") } };
    await loadAuthorities(none as unknown as Env, Date.now() - 6_000);

    expect((await device.idle()).status).toBe(200);
  });
});
