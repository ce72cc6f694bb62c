import { runInDurableObject } from "cloudflare:test";
import { ask } from "./admin.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "./apple-device.ts";
import { giveSets, putSet, settle } from "./assignment.ts";
import type { FakeLibrary } from "./fake-content/library.ts";
import { alarmOf, invite, newDevice, objectOf } from "./fleet.ts";
import { locationSettled, ordersLater } from "./licences.ts";

// Apps of the library, and devices that get them.

/** An enrolled device whose serial number is proven, and which meets that library at Apple's store. */
export async function deviceAt(
  library: FakeLibrary,
  flavour: FlavourName,
  { osVersion, ...options }: Partial<AppleDeviceOptions> & { osVersion?: string } = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour, options);
  device.state.osVersion = osVersion;
  device.state.store = {
    app: (adamId) => {
      const asset = library.assets.get(`${adamId} STDQ`);
      return asset && { ...asset.store, externalVersion: asset.store.externalId };
    },
    isLicensed: (adamId, serialNumber) => library.holders(adamId).includes(serialNumber),
  };
  await device.enroll(await invite({ serial: device.hardware.serialNumber }));
  await settle(device);
  return device;
}

export const storeApp = (adam_id: string, location: string) => ({ store: { adam_id, location } });

export async function saveApp(name: string, content: Record<string, unknown>) {
  const answer = await ask("PUT", `/api/v1/apps/${name}`, { json: content });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
}

/** The set has these apps, and the devices have the set. */
export async function assignApps(set: string, apps: string[], devices: readonly { id: string }[] = []) {
  await putSet(set, { apps });
  for (const device of devices) await giveSets(device, [set]);
  await settle(...devices);
}

/** All that can happen by itself: licences are ordered and come, devices look, fetch, and tell what became of it. */
export async function follow(location: string | undefined, ...devices: AppleDevice[]): Promise<string[]> {
  const commands: string[] = [];
  for (let rounds = 0; rounds < 3; rounds++) {
    if (location !== undefined) {
      await ordersLater(location, 2);
      await locationSettled(location);
    }
    await settle(...devices);
    for (const device of devices) {
      const turns = await device.converse();
      commands.push(...turns.map(({ command }) => command.requestType));
      await alarmOf(device);
    }
    await settle(...devices);
  }
  return commands;
}

/** As if the time had come to ask what became of apps, or to try again. */
export async function appsLater(...devices: AppleDevice[]): Promise<void> {
  for (const device of devices) {
    await runInDurableObject(objectOf(device), (_, { storage }) => {
      for (const column of ["look_at", "retry_at"])
        storage.sql.exec(`UPDATE apps SET ${column} = 1 WHERE ${column} IS NOT NULL`);
    });
    await objectOf(device).assignmentChanged({});
  }
}

export type AppOnDevice = Record<
  "device_id" | "state" | "reason" | "managed_by" | "installed_version" | "bundle_id",
  string | null
>;

export const devicesOf = async (name: string): Promise<AppOnDevice[]> =>
  (await ask("GET", `/api/v1/apps/${name}/devices`)).json.items;
