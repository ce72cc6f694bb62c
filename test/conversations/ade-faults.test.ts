import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { saveProfile } from "../../src/apple-business/save-profile.ts";
import { accounts, connected, deviceRows, newName, progressOf, settled, syncAgain } from "../support/ade.ts";
import { ask, origin } from "../support/admin.ts";
import { failEverywhere, type Scene } from "../support/fail-everywhere.ts";
import { tokenFile } from "../support/fake-apple/token-file.ts";
import { alarmOf, makeDue, type Steps, turns } from "../support/steps.ts";

// Each step of an account's work fails once, before it was done and after; the object is killed there, and works again.
// Nothing may be lost, and all must be as if nothing had failed.

const serialsOf = ({ server }: Scene): string[] => [...server.devices.keys()].sort();

const presentRows = async (account: string) =>
  (await deviceRows(account)).filter(({ deleted_at }) => deleted_at === null);

const work = async ({ account }: Scene, steps: Steps): Promise<void> => {
  await makeDue(account);
  await turns(account, steps);
};

/** It would go on by itself; the test does not wait for it. */
const goesOn = async ({ account }: Scene): Promise<void> => {
  expect(await alarmOf(account)).not.toBeNull();
};

const holdsThePortal = async (scene: Scene): Promise<void> => {
  const rows = await presentRows(scene.account);
  expect(rows.map(({ serial }) => serial)).toEqual(serialsOf(scene));
  for (const { serial, details } of rows)
    expect(JSON.parse(String(details)).asset_tag ?? "").toBe(scene.server.device(String(serial)).asset_tag);
  expect(await progressOf(scene.account)).toMatchObject({ run: undefined, review: undefined });
};

const minutes = 60_000;

const order = (name: string, department: string) => ({
  name,
  input: { profile_name: name, department },
  targets: [],
  enrollUrl: `${origin}/enroll/ade`,
  by: "test",
});

test("fetching all devices", { timeout: 5 * minutes }, async () => {
  const steps = await failEverywhere({
    async prepare(apple) {
      apple.knobs.mostAPage = Number.POSITIVE_INFINITY;
      const server = apple.addServer();
      const [gone = { serial_number: "" }] = server.addDevices(2);
      const account = await connected(server);
      // Of this one Apple never says that it is gone: only a fetch of all shows it.
      server.devices.delete(gone.serial_number);
      server.devices.set("FETCHED1", {
        ...server.device(serialsOf({ account, server })[0] ?? ""),
        serial_number: "FETCHED1",
      });
      server.devices.set("FETCHED2", { ...server.device("FETCHED1"), serial_number: "FETCHED2" });
      await env.DB.prepare("UPDATE ade_accounts SET fetched_at = 0 WHERE name = ?").bind(account).run();
      apple.knobs.mostAPage = 2;
      return { account, server };
    },
    act: work,
    meanwhile: goesOn,
    again: ({ account }) => syncAgain(account),
    check: holdsThePortal,
  });
  expect(steps).toEqual([
    "D1 select ade_accounts",
    "Apple GET /session",
    "Apple POST /server/devices",
    "D1 select ade_devices",
    "D1 insert ade_devices + update ade_accounts",
    "Apple POST /server/devices",
    "D1 select ade_devices",
    "D1 insert ade_devices + update ade_accounts",
    "Apple POST /devices/sync",
    "D1 update ade_accounts",
    "object put progress",
    "D1 select ade_accounts",
    "D1 select ade_devices",
    "D1 select ade_profile_definitions",
    "D1 insert ade_devices",
    "D1 select webhooks + insert events",
    "object put progress",
    "D1 select ade_accounts",
    "D1 select ade_devices",
    "D1 insert ade_devices",
    "D1 select ade_devices",
    "object put progress",
  ]);
});

test("following what changed", { timeout: 5 * minutes }, async () => {
  const steps = await failEverywhere({
    async prepare(apple) {
      apple.knobs.mostAPage = Number.POSITIVE_INFINITY;
      const server = apple.addServer();
      const [gone, other] = server.addDevices(3).map(({ serial_number }) => serial_number) as [
        string,
        string,
      ];
      const account = await connected(server);
      server.drop(gone);
      server.change(other, { asset_tag: "renamed" });
      server.addDevices(2);
      apple.knobs.mostAPage = 2;
      return { account, server };
    },
    act: work,
    meanwhile: goesOn,
    again: ({ account }) => syncAgain(account),
    check: holdsThePortal,
  });
  expect(steps).toEqual([
    "D1 select ade_accounts",
    "Apple GET /session",
    "Apple POST /devices/sync",
    "D1 select ade_devices",
    "D1 insert ade_devices + update ade_accounts",
    "Apple POST /devices/sync",
    "D1 select ade_devices",
    "D1 insert ade_devices + update ade_accounts",
    "D1 select webhooks + insert events",
    "object put progress",
    "D1 select ade_accounts",
    "D1 select ade_devices",
    "D1 insert ade_devices",
    "D1 select ade_devices",
    "object put progress",
  ]);
});

test("defining and assigning a profile", { timeout: 5 * minutes }, async () => {
  const steps = await failEverywhere({
    async prepare(apple) {
      apple.knobs.mostAPage = Number.POSITIVE_INFINITY;
      const server = apple.addServer();
      server.addDevices(2);
      const account = await connected(server);
      const profile = `given-by-${account}`;
      const saved = await saveProfile(env, order(profile, "Usual"), Date.now());
      expect(saved.ok).toBe(true);
      // As if it had been saved before there was this account: it is defined where it is assigned.
      await env.DB.prepare("DELETE FROM ade_profile_definitions WHERE account = ?").bind(account).run();
      const rules = await ask("PUT", `${accounts}/${account}/rules`, {
        json: { rules: [], default_profile: profile },
      });
      expect(rules.status, rules.text).toBe(200);
      return { account, server, profile };
    },
    act: ({ account }, steps) => turns(account, steps),
    meanwhile: goesOn,
    again: ({ account }) => syncAgain(account),
    async check({ account, server, profile }) {
      for (const serial of server.devices.keys()) {
        const uuid = server.device(serial).profile_uuid ?? "";
        expect(server.profiles.get(uuid)).toMatchObject({ profile_name: profile });
      }
      for (const row of await presentRows(account)) {
        expect(row).toMatchObject({ profile, profile_status: "assigned" });
        expect(row.profile_uuid).toBe(server.device(String(row.serial)).profile_uuid);
      }
    },
  });
  expect(steps).toEqual([
    "D1 select ade_accounts",
    "D1 select ade_devices",
    "D1 select ade_profile_definitions",
    "D1 insert ade_devices",
    "object put progress",
    "D1 select ade_accounts",
    "D1 select ade_devices",
    "D1 select ade_profile_definitions",
    "D1 select ade_profiles",
    "Apple GET /session",
    "Apple POST /profile",
    "D1 insert ade_profile_definitions",
    "D1 insert ade_devices",
    "Apple POST /profile/devices",
    "D1 insert ade_devices",
    "D1 select ade_devices",
    "object put progress",
  ]);
});

test("defining a profile again", { timeout: 5 * minutes }, async () => {
  const steps = await failEverywhere({
    async prepare(apple) {
      const server = apple.addServer();
      server.addDevices(2);
      const account = await connected(server);
      const profile = `changed-at-${account}`;
      await saveProfile(env, order(profile, "Before"), Date.now());
      await ask("PUT", `${accounts}/${account}/rules`, { json: { rules: [], default_profile: profile } });
      await settled(account);
      return { account, server, profile };
    },
    act: ({ profile }, steps) =>
      saveProfile({ ...env, DB: steps.database(env.DB) }, order(profile, "After"), Date.now()),
    async meanwhile({ server, profile }) {
      for (const { profile_uuid } of server.devices.values())
        expect(server.profiles.get(profile_uuid ?? "")).toMatchObject({ profile_name: profile });
    },
    async again({ account, profile }) {
      const saved = await saveProfile(env, order(profile, "After"), Date.now());
      expect(saved.ok).toBe(true);
      await syncAgain(account);
    },
    async check({ account, server }) {
      await settled(account);
      for (const { profile_uuid } of server.devices.values())
        expect(server.profiles.get(profile_uuid ?? "")).toMatchObject({ department: "After" });
    },
  });
  expect(steps).toEqual([
    "D1 select ade_accounts",
    "D1 select ade_profiles",
    "D1 select ade_accounts",
    "Apple GET /session",
    "Apple POST /profile",
    "D1 select ade_profile_versions",
    "D1 insert ade_profile_versions + insert ade_profiles + insert ade_profile_definitions + update ade_accounts",
  ]);
});

const tokenOf = (account: string) =>
  env.DB.prepare("SELECT sealed_token, server_uuid, state FROM ade_accounts WHERE name = ?")
    .bind(account)
    .first<{ sealed_token: string | null; server_uuid: string | null; state: string }>();

test("taking the first token", { timeout: 5 * minutes }, async () => {
  const upload = (account: string, file: string) =>
    env.ADE.getByName(account).uploadFile(new TextEncoder().encode(file), { replace: false });
  const steps = await failEverywhere({
    async prepare(apple) {
      const server = apple.addServer();
      server.addDevices(2);
      const account = newName();
      const { json } = await ask("POST", accounts, { json: { name: account } });
      return { account, server, file: await tokenFile(server.issueToken(), json.certificate) };
    },
    act: ({ account, file }) => upload(account, file),
    async meanwhile({ account, server }) {
      const { sealed_token, server_uuid } = (await tokenOf(account)) ?? {};
      expect([server.uuid, null]).toContain(server_uuid);
      expect(sealed_token === null).toBe(server_uuid === null);
    },
    async again({ account, file }) {
      expect(await upload(account, file)).toEqual({ ok: true, value: "taken" });
    },
    async check(scene) {
      await settled(scene.account);
      expect(await tokenOf(scene.account)).toMatchObject({ server_uuid: scene.server.uuid, state: "ok" });
      await holdsThePortal(scene);
    },
  });
  expect(steps).toEqual([
    "D1 select ade_accounts",
    "Apple GET /session",
    "Apple GET /account",
    "D1 select ade_accounts",
    "D1 update ade_accounts",
    "object put progress",
  ]);
});

test("making a key pair, and renewing the token with it", { timeout: 5 * minutes }, async () => {
  const renew = async ({ account, server }: Scene): Promise<unknown> => {
    const object = () => env.ADE.getByName(account);
    const certificate = (await object().makeKeyPair()) ?? "";
    const file = await tokenFile(server.issueToken(), certificate);
    return object().uploadFile(new TextEncoder().encode(file), { replace: false });
  };
  const steps = await failEverywhere({
    async prepare(apple) {
      const server = apple.addServer();
      server.addDevices(2);
      const account = await connected(server);
      return { account, server, before: (await tokenOf(account))?.sealed_token };
    },
    act: (scene) => renew(scene),
    // One of the two tokens is in force all the time, and works.
    async meanwhile({ account, server }) {
      server.addDevices(1);
      await syncAgain(account);
      expect((await presentRows(account)).length).toBe(3);
    },
    async again(scene) {
      expect(await renew(scene)).toEqual({ ok: true, value: "taken" });
    },
    async check(scene) {
      await settled(scene.account);
      const after = await tokenOf(scene.account);
      expect(after).toMatchObject({ server_uuid: scene.server.uuid, state: "ok" });
      expect(after?.sealed_token).not.toBe(scene.before);
      await holdsThePortal(scene);
    },
  });
  expect(steps).toEqual([
    "D1 update ade_accounts",
    "D1 select ade_accounts",
    "Apple GET /session",
    "Apple GET /account",
    "D1 select ade_accounts",
    "D1 update ade_accounts",
    "object put progress",
  ]);
});
