import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { day } from "../../src/base/time.ts";
import { checkDeployment } from "../../src/problems/check.ts";
import { connected, settled, syncAgain } from "../support/ade.ts";
import { ask } from "../support/admin.ts";
import { factoryIdentity } from "../support/apple-device.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { newDevice } from "../support/fleet.ts";
import { comeIn, prepare, provision } from "../support/provisioned.ts";

const migrations = "/api/v1/ade/migrations";

type Check = { check: string; ready: boolean; detail: string };
const missing = ({ checks }: { checks: Check[] }) =>
  checks.filter(({ ready }) => !ready).map(({ check }) => check);

test("devices that must move here are listed, the nearest deadline first, each with what it still needs", async () => {
  const server = appleAtFetch().addServer();
  const [mac, other] = server.addDevices(2, { device_family: "Mac" }).map((one) => one.serial_number);
  server.addDevices(1);
  const account = await connected(server);
  server.setMigrationDeadline(mac as string, Date.now() + 9 * day);
  server.setMigrationDeadline(other as string, Date.now() + 5 * day);
  await syncAgain(account);
  const at = `${migrations}?account=${account}`;

  const first = await ask("GET", `${at}&limit=1`);
  const rest = await ask("GET", `${at}&limit=1&cursor=${first.json.next_cursor}`);

  expect(first.json.items[0]).toMatchObject({ serial_number: other, state: "waiting", ready: false });
  expect(missing(first.json.items[0])).toEqual(["profile", "file-vault-escrow"]);
  expect(rest.json).toMatchObject({ items: [{ serial_number: mac }], next_cursor: null });
  expect((await ask("GET", `${at}&arrived=true`)).json.items).toEqual([]);
});

test("one that has all that it needs is ready; what is missing is a problem as the deadline comes near", async () => {
  const server = appleAtFetch().addServer();
  const [serial] = server.addDevices(1, { device_family: "iPhone" }).map((one) => one.serial_number);
  const account = await connected(server);
  const profile = `moving-${account}`;
  const save = (more: object) =>
    ask("PUT", `/api/v1/ade/profiles/${profile}`, {
      json: { profile_name: "Moving", url: "https://mdm.example.com/enroll/ade", ...more },
    });
  expect((await save({})).status).toBeLessThan(300);
  await ask("PUT", `/api/v1/ade/accounts/${account}/rules`, {
    json: { rules: [], default_profile: profile },
  });
  server.setMigrationDeadline(serial as string, Date.now() + 2 * day);
  await syncAgain(account);
  const list = async () => (await ask("GET", `${migrations}?account=${account}`)).json.items[0];
  const problems = async () => {
    await checkDeployment(env, Date.now());
    const { json } = await ask("GET", "/api/v1/problems");
    return json.items.filter((one: { code: string }) => one.code === "migrations-not-ready");
  };

  expect(missing(await list())).toEqual(["awaits-configuration"]);
  const [problem] = (await problems()).filter((one: { subject: string }) => one.subject === account);
  expect(problem).toMatchObject({ urgency: "urgent", devices: 1 });
  expect(problem.what_to_do).toContain("await_device_configured");

  await save({ await_device_configured: true });
  await settled(account);
  await syncAgain(account);

  expect(await list()).toMatchObject({ ready: true, profile });
  expect((await problems()).filter((one: { subject: string }) => one.subject === account)).toEqual([]);
});

test("a device that Apple moved to another server and that left is known to have moved away; its escrow stays", async () => {
  await prepare();
  const device = newDevice("mac", { ade: true });
  const serial = device.hardware.serialNumber;
  await provision(serial);
  await comeIn(device, await factoryIdentity(serial));
  await device.setBootstrapToken();
  const read = async () => (await ask("GET", `/api/v1/devices/${device.id}`)).json;
  const at = Date.now();
  await env.DB.prepare("UPDATE ade_devices SET deleted_at = ? WHERE serial = ?").bind(at, serial).run();
  expect((await read()).moved_away).toBeNull();

  await device.checkOut();

  const moved = await read();
  expect(moved).toMatchObject({ state: "unenrolled", moved_away: { account: "school" } });
  const { json: escrow } = await ask("GET", `/api/v1/devices/${device.id}/escrow`);
  expect(JSON.stringify(escrow)).toContain("bootstrap");
});
