import { env, exports } from "cloudflare:workers";
import type { AdeProfile } from "../../src/ade/profile.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask, origin } from "./admin.ts";
import {
  type AppleDevice,
  type AppleDeviceOptions,
  type FactoryIdentity,
  type FlavourName,
  factoryIdentity,
  machineInfo,
} from "./apple-device.ts";
import { invite, newDevice, topic } from "./fleet.ts";

/** Devices that Apple's portal gave to an account of ours, and how they come. */
export const account = "school";

/** What a sync would have written: the account, the device, and the profile that Apple gives it. */
export async function provision(serial: string, profile: Partial<AdeProfile> = {}): Promise<void> {
  const now = Date.now();
  const value = JSON.stringify({ profile_name: "Usual", url: `${origin}/enroll/ade`, ...profile });
  const uuid = `uuid-${serial}`;
  const run = (query: string, ...values: unknown[]) =>
    env.DB.prepare(query)
      .bind(...values)
      .run();
  await run(
    "INSERT OR IGNORE INTO ade_accounts (name, state, state_since, created_at, created_by, updated_at) VALUES (?, 'awaits-token', ?, ?, 'test', ?)",
    account,
    now,
    now,
    now,
  );
  await run(
    `INSERT OR REPLACE INTO ade_devices (serial, account, family, os, profile_status, profile_uuid, details, first_seen_at, seen_at, profile)
     VALUES (?, ?, 'iPhone', 'iOS', 'assigned', ?, '{}', ?, ?, ?)`,
    serial,
    account,
    uuid,
    now,
    now,
    uuid,
  );
  await run(
    "INSERT OR REPLACE INTO ade_profile_versions (name, version, value, created_at, created_by) VALUES (?, 1, ?, ?, 'test')",
    uuid,
    value,
    now,
  );
  await run(
    "INSERT OR REPLACE INTO ade_profile_definitions (account, profile_uuid, name, version, defined_at) VALUES (?, ?, ?, 1, ?)",
    account,
    uuid,
    uuid,
    now,
  );
}

/** The server can give enrollment profiles, and everything else is as usual. */
export async function prepare(): Promise<void> {
  await invite();
  await ask("PATCH", "/api/v1/enrollment/settings", { json: { mdm: { Topic: topic } } });
  await patchSettings(
    env,
    {
      ade_unknown_device: "refuse",
      ade_minimum_versions: [],
      ade_platform_sso: null,
      ade_watch_pairing: true,
    },
    Date.now(),
  );
}

/** Fresh from the factory, and in the portal. */
export async function provisionedDevice(
  flavour: FlavourName = "iphone",
  options: Partial<AppleDeviceOptions> & { profile?: Partial<AdeProfile> } = {},
): Promise<{ device: AppleDevice; factory: FactoryIdentity }> {
  const { profile, ...rest } = options;
  const device = newDevice(flavour, { ade: true, ...rest });
  await provision(device.hardware.serialNumber, profile);
  return { device, factory: await factoryIdentity(device.hardware.serialNumber) };
}

export const post = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  exports.default.fetch(`${origin}/enroll/ade`, {
    method: "POST",
    headers: { "Content-Type": "application/pkcs7-signature", ...headers },
    body,
  });

/** It asks where its profile says, installs what it gets, and is enrolled. */
export async function comeIn(device: AppleDevice, factory: FactoryIdentity, freshKey = true): Promise<void> {
  const answer = await post(machineInfo(device, factory));
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()), freshKey });
}
