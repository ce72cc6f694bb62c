// `npm run drill:apps -- [--devices 200] [--apps 30]`: a fleet gets many apps of the store by one set, and loses them again. Each
// device must have one licence of each app, none may be left at the end, and what was asked of Apple is counted.
import { resolve } from "node:path";
import { type AppleDevice, appleDevice, pooledKey, seededRandom } from "../../test/support/apple-device.ts";
import type { FakeLibrary } from "../../test/support/fake-content/library.ts";
import { FakeAppleService } from "../../test/support/node/fake-apple.ts";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import { CallCount } from "./apps/call-count.ts";
import { known, stopwatch, waitFor } from "./waiting.ts";

const values = readArguments({
  name: "npm run drill:apps",
  does: "A fleet gets many apps of the store and loses them again; licences and calls to Apple are counted.",
  options: {
    devices: { takes: "N", help: "how many devices", otherwise: "200" },
    apps: { takes: "N", help: "how many apps", otherwise: "30" },
  },
});
const deviceCount = Number(values.devices);
const appCount = Number(values.apps);
const project = resolve(import.meta.dirname, "../..");
const locations = "/api/v1/apps-and-books/locations";
const topic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";
/** One in so many is old: it gets its apps by commands. */
const oldEvery = 10;
const atOnce = 8;

const adamIds = Array.from({ length: appCount }, (_, number) => String(700_000_000 + number));
const apps = adamIds.map((adamId) => `drill-${adamId}`);

/** Devices that ask within ten seconds share orders; an order has 25 apps at most. */
const ordersFor = (seconds: number): number =>
  Math.ceil(appCount / 25) * Math.max(2, Math.ceil(seconds / 10));

await runInFolder("drill", drill);

async function drill(folder: string): Promise<void> {
  const service = new FakeAppleService();
  const apple = await service.listen();
  const library = service.content.addLibrary("Drill");
  for (const adamId of adamIds) library.buy(adamId, deviceCount);
  const calls = new CallCount(service.content);
  const server = await BareServer.start(project, folder);
  try {
    await ask(server, locations, "POST", { name: "drill", token: library.issueToken(), base_url: apple });
    await waitFor(
      "the location to be read",
      async () => (await rows(server, "store_items", "bundle_id IS NOT NULL")) === appCount,
    );
    console.log(`the location is read: ${calls.said()}`);
    calls.again();
    const enrolling = stopwatch();
    const fleet = await enroll(server, library);
    console.log(`${deviceCount} devices have enrolled in ${enrolling()} s`);

    for (const [at, adamId] of adamIds.entries())
      await ask(server, `/api/v1/apps/${apps[at]}`, "PUT", {
        source: { store: { adam_id: adamId, location: "drill" } },
      });
    const installing = stopwatch();
    await ask(server, "/api/v1/sets/drill", "PUT", { apps, filter: { kind: "device" } });
    const wanted = deviceCount * appCount;
    await converge(fleet, `${wanted} apps to be installed`, async () => {
      const isThere = await rows(server, "app_states", "state = 'installed'");
      return { isDone: isThere === wanted, done: isThere };
    });
    const held = await rows(server, "licences", "held_at IS NOT NULL");
    checkHolders(library, fleet);
    console.log(
      `${wanted} apps are installed after ${installing()} s, with ${held} licences: ${calls.said()}`,
    );
    const seconds = installing();
    calls.refuseMoreThan({ orders: ordersFor(seconds), seconds });
    calls.again();

    const removing = stopwatch();
    await ask(server, "/api/v1/sets/drill", "PUT", { apps: [], filter: { kind: "device" } });
    await converge(fleet, "all apps to be removed, and all licences to be free", async () => {
      const left = await rows(server, "app_states");
      return { isDone: left === 0 && library.assignments.size === 0, done: wanted - left };
    });
    console.log(`all are removed after ${removing()} s, and no licence is taken: ${calls.said()}`);
    calls.refuseMoreThan({ orders: ordersFor(removing()), seconds: removing() });
  } finally {
    await server.stop();
    service.close();
  }
}

async function enroll(server: BareServer, library: FakeLibrary): Promise<AppleDevice[]> {
  const fleet = Array.from({ length: deviceCount }, (_, index) => newDevice(index, library));
  await eachOf(fleet, async (device) => {
    const json = { serial: device.hardware.serialNumber };
    const { challenge, scep_url: scepUrl } = await ask(server, "/api/v1/enrollment/challenges", "POST", json);
    await device.enroll({ serverUrl: `${server.origin}/mdm`, topic, challenge, scepUrl });
    await device.converse();
  });
  await waitFor("the directory to know them", async () => (await known(server)) === deviceCount);
  return fleet;
}

function newDevice(index: number, library: FakeLibrary): AppleDevice {
  const isOld = index % oldEvery === oldEvery - 1;
  const device = appleDevice(isOld ? "ipad" : "iphone", {
    transport: (request) => fetch(request),
    random: seededRandom(`apps:${index}`),
    newKey: pooledKey,
    requireHttps: false,
  });
  device.state.osVersion = isOld ? "17.5" : "26.1";
  device.state.store = {
    app: (adamId) => {
      const asset = library.assets.get(`${adamId} STDQ`);
      return asset && { ...asset.store, externalVersion: asset.store.externalId };
    },
    isLicensed: (adamId, serialNumber) => library.assignments.has(`${adamId} STDQ ${serialNumber} `),
  };
  return device;
}

type Progress = { isDone: boolean; done: number };

/** Devices connect again and again, as if each push had arrived. */
async function converge(
  fleet: readonly AppleDevice[],
  what: string,
  look: () => Promise<Progress>,
): Promise<void> {
  let said = 0;
  await waitFor(what, async () => {
    await eachOf(fleet, (device) => device.converse());
    const { isDone, done } = await look();
    if (done !== said) console.log(`  ${done} of ${deviceCount * appCount}`);
    said = done;
    return isDone;
  });
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const take = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

function checkHolders(library: FakeLibrary, fleet: readonly AppleDevice[]): void {
  const serials = fleet.map(({ hardware }) => hardware.serialNumber).sort();
  for (const adamId of adamIds)
    if (library.holders(adamId).join() !== serials.join())
      throw new Trouble(`${adamId} is not licensed once to each device`);
}

async function rows(server: BareServer, table: string, condition = "1"): Promise<number> {
  const [row] = await server.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`);
  return row?.n ?? 0;
}

// biome-ignore lint/suspicious/noExplicitAny: the caller knows what it asks for
async function ask(server: BareServer, path: string, method: string, json: object): Promise<any> {
  const { status, body } = await server.request(path, { method, json, patienceMs: 60_000 });
  if (status >= 300) throw new Trouble(`${path} answered ${status}: ${body}`);
  return JSON.parse(body);
}
