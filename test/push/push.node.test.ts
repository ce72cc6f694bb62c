import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createTestHarness } from "wrangler";
import { toHex } from "../../src/base/bytes.ts";
import { type AppleDevice, appleDevice } from "../support/apple-device.ts";
import { builtWorker } from "../support/node/built-worker.ts";
import { FakeApns } from "../support/node/fake-apns.ts";
import { type TestPki, testClient, testPki, testTopic } from "../support/test-pki.ts";

// The built Worker, a device and Apple's push service (a fake of it), over real sockets: what an administrator asks for
// reaches the device without its asking.

const adminToken = "an-admin-token-of-at-least-32-characters";
let pki: TestPki;
let apns: FakeApns;
let harness: ReturnType<typeof createTestHarness>;
let address: URL;

beforeAll(async () => {
  pki = await testPki("P-256", "RSA-2048");
  apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root });
  harness = createTestHarness({
    workers: [
      {
        ...(await builtWorker()),
        secrets: { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken },
        vars: {
          PUSH_HOST: "localhost",
          PUSH_PORT: String(apns.port),
          PUSH_ROOTS: pki.root.certificatePem,
        },
      },
    ],
  });
  address = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");
  await ask("POST", "/api/v1/authorities", { if_none: true });
  // Only what a test queues is to wake its device.
  await ask("PATCH", "/api/v1/settings", { inventory_at_enrollment: false, inventory_interval_hours: 0 });
});
afterAll(async () => {
  await harness.close();
  await apns.stop();
});

type Answer = { status: number; json: Record<string, unknown> & { items: Record<string, unknown>[] } };

async function ask(method: string, path: string, body?: object | string): Promise<Answer> {
  const type = typeof body === "string" ? "application/x-pem-file" : "application/json";
  const answer = await fetch(new URL(path, address), {
    method,
    headers: { Authorization: `Bearer ${adminToken}`, ...(body ? { "Content-Type": type } : {}) },
    ...(body ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? {} : JSON.parse(text) };
}

const upload = (client = pki.client) =>
  ask("POST", "/api/v1/push-certificates", client.keyPem + client.certificatePem);

async function enrolledDevice(topic = testTopic): Promise<AppleDevice> {
  const { json } = await ask("POST", "/api/v1/enrollment/challenges", {});
  const device = appleDevice("iphone", {
    transport: (request) => {
      const url = new URL(request.url);
      return fetch(new Request(new URL(url.pathname + url.search, address), request));
    },
    requireHttps: false,
  });
  const scepUrl = String(json.scep_url);
  await device.enroll({
    serverUrl: new URL("/mdm", address).href,
    topic,
    scepUrl,
    challenge: String(json.challenge),
  });
  return device;
}

/** The device connects whenever Apple wakes it. */
function wakes(device: AppleDevice): { visits: number; answered: Promise<void> } {
  const seen = { visits: 0, answered: Promise.resolve() };
  const { promise, resolve } = Promise.withResolvers<void>();
  seen.answered = promise;
  apns.answer = () => {
    seen.visits++;
    setTimeout(async () => {
      await device.converse(() => ({ status: "Acknowledged" }));
      resolve();
    }, 5);
    return { status: 200 };
  };
  onTestFinished(() => {
    apns.answer = () => ({ status: 200 });
  });
  return seen;
}

const queue = async (device: AppleDevice, requestType = "SecurityInfo"): Promise<string> => {
  const { status, json } = await ask("POST", `/api/v1/devices/${device.id}/commands`, {
    request_type: requestType,
  });
  expect(status, JSON.stringify(json)).toBe(201);
  return String(json.uuid);
};

const stateOf = async (device: AppleDevice, uuid: string) =>
  (await ask("GET", `/api/v1/devices/${device.id}/commands/${uuid}`)).json.state;

/** Earlier devices still wait, and are pushed again in between. */
const pushesTo = (...devices: AppleDevice[]) =>
  apns.pushes.filter(({ token }) => devices.some(({ pushToken }) => toHex(pushToken) === token));

const channelOf = async (device: AppleDevice) =>
  (await ask("GET", `/api/v1/devices/${device.id}/channels`)).json.items[0];

describe("before there is a push certificate", () => {
  test("a command waits, its channel says why it was not pushed, and nothing is tried again", async () => {
    const device = await enrolledDevice();

    await queue(device);
    const pushed = await ask("POST", `/api/v1/devices/${device.id}/push`);

    const reason = `the server has no push certificate for ${testTopic}`;
    expect(pushed.json).toEqual({
      outcome: "no-certificate",
      detail: `no-certificate: ${reason}`,
      apns_id: null,
    });
    expect(await channelOf(device)).toMatchObject({ push_outcome: `no-certificate: ${reason}` });
    expect(apns.pushes).toEqual([]);
  });

  test("the first one to come wakes the devices that already wait, and no others", async () => {
    const [waiting, idle] = [await enrolledDevice(), await enrolledDevice()];
    const uuid = await queue(waiting);
    await ask("POST", `/api/v1/devices/${idle.id}/push`);
    const woken = wakes(waiting);

    expect((await upload()).status).toBe(201);
    await woken.answered;

    expect(await stateOf(waiting, uuid)).toBe("acknowledged");
    const job = async () => (await ask("GET", "/api/v1/jobs/wake")).json.run;
    await expect.poll(job).toMatchObject({ state: "done", counts: { checked: 3, woken: 2 } });
    // The device of the test before waits too.
    await expect.poll(() => apns.pushes.length).toBe(2);
    expect(await channelOf(waiting)).toMatchObject({ push_outcome: "delivered" });
  });
});

describe("with a push certificate", () => {
  test("a queued command wakes the device, which fetches and answers it", async () => {
    const device = await enrolledDevice();
    const woken = wakes(device);
    const started = performance.now();

    const uuid = await queue(device);
    await woken.answered;

    console.warn(`queued, pushed, fetched and answered in ${Math.round(performance.now() - started)} ms`);
    expect(await stateOf(device, uuid)).toBe("acknowledged");
    expect(pushesTo(device)).toHaveLength(1);
    expect(pushesTo(device)[0]).toMatchObject({ topic: testTopic, headers: { "apns-push-type": "mdm" } });
    expect(await channelOf(device)).toMatchObject({ push_outcome: "delivered", unreachable: false });
  });

  test("commands that are queued while a push is on its way cause no second one", async () => {
    const device = await enrolledDevice();

    await Promise.all([queue(device), queue(device, "ProfileList"), queue(device, "CertificateList")]);
    await queue(device, "ProvisioningProfileList");
    await ask("GET", `/api/v1/devices/${device.id}/channels`);

    await expect.poll(() => pushesTo(device)).toHaveLength(1);
  });

  test("many devices are pushed over one connection", async () => {
    const devices = await Promise.all(Array.from({ length: 8 }, () => enrolledDevice()));
    const { connections } = apns;

    await Promise.all(devices.map((device) => queue(device)));

    await expect.poll(() => pushesTo(...devices)).toHaveLength(8);
    expect(apns.connections - connections).toBeLessThanOrEqual(1);
  });

  test("a batch wakes many, and lists whom no push reaches", async () => {
    const [first, second, dead] = [await enrolledDevice(), await enrolledDevice(), await enrolledDevice()];
    apns.answer = ({ PushMagic }) =>
      PushMagic === dead.pushMagic ? { status: 410, reason: "Unregistered" } : { status: 200 };
    onTestFinished(() => {
      apns.answer = () => ({ status: 200 });
    });

    const ids = [first.id, second.id, dead.id, "NOBODY"];
    const { status, json } = await ask("POST", "/api/v1/batches", { push: true, targets: { ids } });
    const read = () => ask("GET", `/api/v1/batches/${json.id}`);
    await expect.poll(async () => (await read()).json.state, { timeout: 30_000, interval: 200 }).toBe("done");

    expect([status, json.request_type]).toEqual([201, null]);
    expect((await read()).json).toMatchObject({
      progress: { given: 2, refused: 2, failing: 0 },
      outcomes: { delivered: 2, unregistered: 1, "unknown-channel": 1 },
    });
    expect(pushesTo(first, second, dead)).toHaveLength(3);
    expect(await channelOf(second)).toMatchObject({ push_outcome: "delivered" });
    const targets = (await ask("GET", `/api/v1/batches/${json.id}/targets`)).json.items;
    expect(new Map(targets.map(({ device_id, reason }) => [device_id, reason]))).toEqual(
      new Map([
        ["NOBODY", "unknown-channel"],
        [dead.id, "unregistered"],
      ]),
    );
  });

  test("a dead token makes the channel unreachable until its next TokenUpdate", async () => {
    const device = await enrolledDevice();
    apns.answer = () => ({ status: 410, reason: "Unregistered", timestamp: Date.now() + 1000 });
    onTestFinished(() => {
      apns.answer = () => ({ status: 200 });
    });

    const pushed = await ask("POST", `/api/v1/devices/${device.id}/push`);
    const again = await ask("POST", `/api/v1/devices/${device.id}/push`);
    await queue(device);

    expect(pushed.json.outcome).toBe("unregistered");
    expect(again.status).toBe(409);
    expect(await channelOf(device)).toMatchObject({
      unreachable: true,
      push_outcome: "unregistered: Unregistered",
    });
    expect(pushesTo(device)).toHaveLength(1);

    const woken = wakes(device);
    await device.tokenUpdate({ newToken: true });
    await woken.answered;

    expect(await channelOf(device)).toMatchObject({ unreachable: false, push_outcome: "delivered" });
  });

  test("a service that dies with a push under way loses no need of one", async () => {
    const device = await enrolledDevice();
    await ask("POST", `/api/v1/devices/${device.id}/push`);
    const { port } = apns;
    apns.answer = () => ({ stall: true });
    const uuid = await queue(device);
    await expect.poll(() => pushesTo(device)).toHaveLength(2);

    await apns.stop();
    await expect
      .poll(async () => (await channelOf(device))?.push_outcome, { timeout: 20_000 })
      .toMatch(/^retry: /);
    apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root, port });
    const woken = wakes(device);
    await makeDue(device);
    await woken.answered;

    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("another certificate of the topic is used from then on, and the one before it can be gone back to", async () => {
    const device = await enrolledDevice();
    const first = await ask("GET", "/api/v1/push-certificates");
    const renewed = await upload(await testClient(pki.root, "P-256"));
    const connections = apns.connections;

    const pushed = await ask("POST", `/api/v1/devices/${device.id}/push`);
    const listed = await ask("GET", "/api/v1/push-certificates");
    const back = await ask("PATCH", `/api/v1/push-certificates/${first.json.items[0]?.id}`, { in_use: true });

    expect(pushed.json.outcome).toBe("delivered");
    expect(apns.connections - connections).toBe(1);
    expect(listed.json.items.map(({ id, in_use }) => [id, in_use])).toEqual([
      [renewed.json.id, true],
      [first.json.items[0]?.id, false],
    ]);
    expect(back.json.in_use).toBe(true);
  });

  test("a service whose certificate is from elsewhere is not trusted, and /readyz says so", async () => {
    const { port } = apns;
    await apns.stop();
    const other = await testPki("P-256", "P-256");
    apns = await FakeApns.start({ server: other.server, clientRoot: pki.root, port });
    const device = await enrolledDevice();

    const pushed = await ask("POST", `/api/v1/devices/${device.id}/push`);
    const ready = await ask("GET", "/readyz");
    const pushes = apns.pushes.length;
    await apns.stop();
    apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root, port });
    const [certificate] = (await ask("GET", "/api/v1/push-certificates")).json.items;
    await ask("PATCH", `/api/v1/push-certificates/${certificate?.id}`, { in_use: true });

    expect(pushed.json.outcome).toBe("retry");
    expect([ready.status, pushes]).toEqual([503, 0]);
    expect(JSON.stringify(ready.json)).toContain("no pushes are sent to");
    expect((await ask("POST", `/api/v1/devices/${device.id}/push`)).json.outcome).toBe("delivered");
    expect((await ask("GET", "/readyz")).status).toBe(200);
  });

  test("a renewal of another topic is refused with how many it would orphan, unless that is said", async () => {
    const stranger = await testClient(pki.root, "P-256", {
      topic: "com.apple.mgmt.External.99999999-1111-2222-3333-444444444444",
    });
    await expect.poll(async () => (await upload(stranger)).status).toBe(409);
    const refused = await upload(stranger);
    const devices = Number(refused.json.devices);

    const wrongNumber = await ask(
      "POST",
      `/api/v1/push-certificates?accept_orphaned=${devices + 1}`,
      stranger.keyPem + stranger.certificatePem,
    );
    const forced = await ask(
      "POST",
      `/api/v1/push-certificates?accept_orphaned=${devices}`,
      stranger.keyPem + stranger.certificatePem,
    );

    expect(devices).toBeGreaterThan(0);
    expect(refused.json.detail).toContain(`repeat with ?accept_orphaned=${devices}`);
    expect([wrongNumber.status, forced.status]).toEqual([409, 201]);
    // The old topic goes on being pushed with the old certificate.
    expect((await ask("POST", `/api/v1/devices/${(await enrolledDevice()).id}/push`)).json.outcome).toBe(
      "delivered",
    );
  });

  test("a certificate that Apple does not take is trouble for all, met once, until another one is used", async () => {
    const [device, other] = [await enrolledDevice(), await enrolledDevice()];
    apns.answer = () => ({ status: 403, reason: "BadCertificate" });

    const pushed = await ask("POST", `/api/v1/devices/${device.id}/push`);
    const next = await ask("POST", `/api/v1/devices/${other.id}/push`);
    const ready = await ask("GET", "/readyz");

    expect([pushed.json.detail, next.json.detail]).toEqual(
      Array(2).fill("certificate-trouble: BadCertificate"),
    );
    expect(pushesTo(device, other)).toHaveLength(1);
    expect([ready.status, ready.json.detail]).toEqual([
      503,
      `push: no pushes are sent to ${testTopic}: BadCertificate`,
    ]);

    apns.answer = () => ({ status: 200 });
    await upload(await testClient(pki.root, "P-256"));

    expect((await ask("POST", `/api/v1/devices/${device.id}/push`)).json.outcome).toBe("delivered");
    expect((await ask("GET", "/readyz")).status).toBe(200);
  });
});

/** As if the first wait after a push were over. */
async function makeDue(device: AppleDevice): Promise<void> {
  const storage = await harness.getWorker().getDurableObjectStorage("Device", { name: device.id });
  await storage.exec("UPDATE queue SET queued_at = queued_at - 600000, sent_at = NULL");
  await storage.exec("UPDATE channels SET push_at = NULL, token_update_at = 0");
  // Whoever queues a command brings its news along; that it is cancelled is told by the alarm, which finds what is due.
  const path = `/api/v1/devices/${device.id}/commands`;
  const { json } = await ask("POST", `${path}?push=false`, { request_type: "ProfileList" });
  expect((await ask("DELETE", `${path}/${json.uuid}`)).status).toBe(200);
}
