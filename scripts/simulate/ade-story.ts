// One device's way from the factory into service, told as a time line: Apple's portal is the fake of its service, all else
// is the server under test.
import {
  type AppleDevice,
  appleDevice,
  type FlavourName,
  factoryIdentity,
  machineInfo,
  seededRandom,
} from "../../test/support/apple-device.ts";
import { FakeAppleService } from "../../test/support/node/fake-apple.ts";
import { Trouble } from "../trouble.ts";
import { asking } from "./asking.ts";
import { Narrator } from "./narrator.ts";

export type Story = { url: URL; token: string; seed: string; apple: string | undefined };

const flavour: FlavourName = "mac";

/** True: the device is in service. */
export async function tellStory({ url, token, seed, apple }: Story): Promise<boolean> {
  const own = apple === undefined ? new FakeAppleService() : undefined;
  const portal = apple ?? (await own?.listen()) ?? "";
  try {
    return await tell(new Narrator(), { url, token, portal, name: `story-${seed}`, seed });
  } finally {
    own?.close();
  }
}

type Scene = { url: URL; token: string; portal: string; name: string; seed: string };

async function tell(say: Narrator, scene: Scene): Promise<boolean> {
  const ask = asking(scene);
  const { portal, name } = scene;

  const made = await ask("POST", "/api/v1/ade/accounts", { json: { name, base_url: portal } });
  say.that("server", `account ${name}: a key pair is made, the certificate is for Apple's portal`);
  const file = await fetched(`${portal}/portal/servers/${name}/token`, made.certificate);
  say.that("portal", "the certificate is uploaded, the token file downloaded");
  const bought = JSON.parse(await fetched(`${portal}/portal/servers/${name}/devices?count=1`, "")) as {
    devices: string[];
  };
  const serial = bought.devices[0] ?? "";
  say.that("portal", `a purchase arrives: ${serial}`);
  const account = await ask("PUT", `/api/v1/ade/accounts/${name}/token`, { body: file });
  say.that("server", `the token opens and is proven: ${account.organization.name}`);

  const enrollment = new URL("/enroll/ade", scene.url).href;
  // Apple takes no other address; the device of this story knows where the server really is.
  const url = enrollment.replace(/^http:/, "https:");
  const profile = { profile_name: name, url, is_supervised: true, await_device_configured: true };
  await ask("PUT", `/api/v1/ade/profiles/${name}`, { json: profile });
  await ask("PUT", `/api/v1/ade/accounts/${name}/rules`, { json: { rules: [], default_profile: name } });
  say.that("server", `profile ${name} is defined at Apple, and is for every device`);

  await say.until("the device is known and has its profile", async () => {
    await ask("POST", `/api/v1/ade/accounts/${name}/sync`);
    const { items } = await ask("GET", `/api/v1/ade/devices/${serial}`).catch(() => ({ items: [] }));
    return (items as { profile_status: string }[])[0]?.profile_status === "assigned";
  });
  say.that("server", `${serial} is known, and Apple has its profile`);

  const device = newDevice(scene, serial);
  const factory = await factoryIdentity(serial);
  const answer = await fetch(enrollment, {
    method: "POST",
    headers: { "Content-Type": "application/pkcs7-signature" },
    body: machineInfo(device, factory),
  });
  if (answer.status !== 200)
    throw new Trouble(
      `${enrollment} answered ${answer.status} ${await answer.text()}: the server believes simulated devices after npm start -- --acme`,
    );
  say.that("device", "it is switched on, and asks for its enrollment profile with its factory key");
  await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
  say.that("device", "the profile is installed, the identity made; it awaits its configuration");
  return setUp(say, scene, device);
}

type Step = { name: string; state: string; error: string | null };
type Setup = { state: string; released_by: string | null; steps: Step[] };

async function setUp(say: Narrator, scene: Scene, device: AppleDevice): Promise<boolean> {
  const ask = asking(scene);
  const told = new Map<string, string>();
  const isReleased = await say.until("it is let go", async () => {
    for (const { command } of await device.converse())
      if (command) say.that("device", `carries out ${command.requestType}`);
    const setup = (await ask("GET", `/api/v1/devices/${device.id}/setup`)) as Setup;
    for (const { name, state, error } of setup.steps) {
      if (told.get(name) === state) continue;
      told.set(name, state);
      say.that("set-up", `${name}: ${state}${error ? ` (${error})` : ""}`);
    }
    if (setup.state === "released") say.that("set-up", `released: ${setup.released_by}`);
    return setup.state === "released";
  });
  say.that(
    "device",
    device.awaitingConfiguration ? "it is held still" : "Setup Assistant ends; it is in service",
  );
  return isReleased && !device.awaitingConfiguration;
}

const newDevice = ({ seed }: Scene, serialNumber: string): AppleDevice =>
  appleDevice(flavour, {
    transport: (request) => fetch(request),
    random: seededRandom(seed),
    ade: true,
    hardware: { serialNumber },
    requireHttps: false,
    pause: (ms) => new Promise((done) => setTimeout(done, ms)),
  });

async function fetched(url: string, body: string): Promise<string> {
  const answer = await fetch(url, { method: "POST", body });
  const text = await answer.text();
  if (!answer.ok) throw new Trouble(`${url} answered ${answer.status}: ${text}`);
  return text;
}
