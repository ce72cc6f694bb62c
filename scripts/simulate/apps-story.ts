// Apps from a content token to devices and back, told as a time line: a new iPhone gets an app of the store by a declaration, an older
// iPad by commands, a Mac a package of this server; then all is removed, and the licences are free.
import {
  type AppleDevice,
  appleDevice,
  type FlavourName,
  pooledKey,
  seededRandom,
} from "../../test/support/apple-device.ts";
import { FakeAppleService } from "../../test/support/node/fake-apple.ts";
import { testProduct } from "../../test/support/package-files/product.ts";
import { Trouble } from "../trouble.ts";
import { asking } from "./asking.ts";
import { installFrom } from "./installer.ts";
import { Narrator } from "./narrator.ts";
import { holdersAt, storeAt } from "./store.ts";

export type AppsStory = { url: URL; token: string; seed: string; apple: string | undefined };

/** Of the store: the stand-in sells it to every location. */
const adamId = "618783545";
/** A device that took a command is asked after a minute what became of it. */
const patienceMs = 4 * 60_000;

type Scene = AppsStory & { portal: string; name: string; say: Narrator };
type Player = { who: string; flavour: FlavourName; osVersion?: string; app: string; by: string };

/** The versions matter: they decide how an app comes to a device. */
const players: readonly Player[] = [
  { who: "iPhone", flavour: "iphone", osVersion: "26.1", app: "chat", by: "declarations" },
  { who: "iPad", flavour: "ipad", osVersion: "17.5", app: "chat", by: "commands" },
  { who: "Mac", flavour: "mac", osVersion: "26.1", app: "tool", by: "declarations" },
];

type Cast = Player & { device: AppleDevice };

/** True: every device had its app by the way that is right for it, and no licence is left. */
export async function tellAppsStory(story: AppsStory): Promise<boolean> {
  const own = story.apple === undefined ? new FakeAppleService() : undefined;
  const portal = story.apple ?? (await own?.listen()) ?? "";
  try {
    return await tell({ ...story, portal, name: `apps-${story.seed}`, say: new Narrator() });
  } finally {
    own?.close();
  }
}

async function tell(scene: Scene): Promise<boolean> {
  const { say, name, portal } = scene;
  const ask = asking(scene);
  const contentToken = await buyApps(scene);
  const package_ = await testProduct();
  await ask("PUT", `/api/v1/packages/${name}`, { body: package_, type: "application/octet-stream" });
  say.that("server", "a package for Macs is uploaded and checked");
  const chat = { store: { adam_id: adamId, location: name } };
  await ask("PUT", `/api/v1/apps/${name}-chat`, { json: { source: chat, configuration: { team: name } } });
  await ask("PUT", `/api/v1/apps/${name}-tool`, { json: { source: { package: { name } } } });
  const apps = [`${name}-chat`, `${name}-tool`];
  for (const app of apps) await ask("PUT", `/api/v1/sets/${app}`, { json: { apps: [app] } });
  say.that("server", "two apps are in the library, each in a set");

  const cast: Cast[] = [];
  for (const player of players) cast.push(await enroll(scene, player, contentToken));
  for (const { app, device } of cast)
    await ask("PUT", `/api/v1/devices/${device.id}/sets`, { json: { sets: [`${name}-${app}`] } });
  say.that("server", "each device has one of the sets");
  if (!(await play(scene, cast, "every device has its app", async () => isInstalled(scene, cast))))
    return false;
  const { length } = await holdersAt(portal, contentToken, adamId);
  say.that("Apple", `${length} licences are taken`);

  for (const app of apps) await ask("PUT", `/api/v1/sets/${app}`, { json: { apps: [] } });
  say.that("server", "the sets have no apps any more");
  const isGone = await play(scene, cast, "the apps are removed and the licences free", async () => {
    const left = await Promise.all(apps.map((app) => ask("GET", `/api/v1/apps/${app}/devices`)));
    const isTaken = (await holdersAt(portal, contentToken, adamId)).length > 0;
    return !isTaken && left.every(({ items }) => items.length === 0);
  });
  if (!isGone) return false;
  say.that("Apple", "no licence is taken");
  await tidyUp(scene, cast);
  return true;
}

async function buyApps({ say, name, portal, ...server }: Scene): Promise<string> {
  const ask = asking(server);
  const bought = await fetch(`${portal}/portal/content-tokens?location=${name}`, { method: "POST" });
  if (!bought.ok) throw new Trouble(`${bought.url} answered ${bought.status}: is this npm start -- --apple?`);
  const contentToken = (await bought.text()).trim();
  say.that("Apple", `the content token of the location ${name} is downloaded`);
  const location = { name, token: contentToken, base_url: portal };
  await ask("POST", "/api/v1/apps-and-books/locations", { json: location });
  await say.until("its lists are read", async () => {
    const { items } = await ask("GET", `/api/v1/apps-and-books/locations/${name}/assets`);
    return items.some((asset: Record<string, unknown>) => asset.adam_id === adamId && asset.bundle_id);
  });
  say.that("server", "the location is stored, and what it has is known");
  return contentToken;
}

async function enroll(scene: Scene, player: Player, contentToken: string): Promise<Cast> {
  const { say, url, portal } = scene;
  const device = appleDevice(player.flavour, {
    transport: (request) => fetch(request),
    random: seededRandom(`${scene.seed} ${player.who}`),
    newKey: pooledKey,
    requireHttps: false,
  });
  device.state.osVersion = player.osVersion;
  device.state.store = storeAt(portal, contentToken);
  device.state.installer = installFrom;
  const { serialNumber: serial } = device.hardware;
  // A licence is for a serial number that is proven: this challenge is for that one only.
  const minted = await asking(scene)("POST", "/api/v1/enrollment/challenges", { json: { serial } });
  const topic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";
  const { challenge, scep_url: scepUrl } = minted;
  await device.enroll({ serverUrl: new URL("/mdm", url).href, topic, scepUrl, challenge });
  say.that(player.who, `is enrolled: ${serial}, ${player.osVersion}`);
  await say.until(`the directory knows the ${player.who}`, async () => {
    // It answers what it is asked at first: how an app comes to a Mac depends on whether it is supervised.
    await device.converse();
    const { items } = await asking(scene)("GET", `/api/v1/devices?serial=${serial}`);
    return items.some(({ supervised }: { supervised: boolean | null }) => supervised !== null);
  });
  return { ...player, device };
}

/** The others ask for the inventory. */
const commandsTold = [
  "DeclarativeManagement",
  "InstallApplication",
  "InstallEnterpriseApplication",
  "RemoveApplication",
];

/** Devices connect as if each push had arrived, and what changes is told, until it holds. */
async function play(scene: Scene, cast: Cast[], what: string, holds: () => Promise<boolean>) {
  const { say, name } = scene;
  const ask = asking(scene);
  const told = new Map<string, string>();
  const look = async (): Promise<boolean> => {
    for (const { who, app, device } of cast) {
      for (const { command } of await device.converse())
        if (command && commandsTold.includes(command.requestType))
          say.that(who, `carries out ${command.requestType}`);
      const { items } = await ask("GET", `/api/v1/apps/${name}-${app}/devices`);
      const row = items.find((one: Record<string, string>) => one.device_id === device.id);
      const words = row
        ? [row.state, row.managed_by && `by ${row.managed_by}`, row.reason].filter(Boolean).join(", ")
        : "it has none of it";
      if (told.get(who) !== words) say.that(who, `${app}: ${words}`);
      told.set(who, words);
    }
    return holds();
  };
  return say.until(what, look, patienceMs);
}

async function isInstalled(scene: Scene, cast: readonly Cast[]): Promise<boolean> {
  for (const { app, by, device } of cast) {
    const { items } = await asking(scene)("GET", `/api/v1/apps/${scene.name}-${app}/devices?state=installed`);
    const isThere = (one: Record<string, string>) => one.device_id === device.id && one.managed_by === by;
    if (!items.some(isThere)) return false;
  }
  return true;
}

async function tidyUp(scene: Scene, cast: readonly Cast[]): Promise<void> {
  const { name, say } = scene;
  const ask = asking(scene);
  for (const { device } of cast) {
    await ask("PUT", `/api/v1/devices/${device.id}/sets`, { json: { sets: [] } });
    await device.checkOut();
  }
  for (const app of [`${name}-chat`, `${name}-tool`]) {
    await ask("DELETE", `/api/v1/sets/${app}`);
    await ask("DELETE", `/api/v1/apps/${app}`);
  }
  await ask("DELETE", `/api/v1/packages/${name}`);
  await ask("DELETE", `/api/v1/apps-and-books/locations/${name}?confirm=${name}`);
  say.that("server", "sets, apps, package and location are deleted, and the devices have left");
}
