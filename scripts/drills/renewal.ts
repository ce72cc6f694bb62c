// `npm run drill:renewal -- [--devices 500]`: a fleet whose identities all end on one day. First, how the days before
// that are shared out between them; then all of them are renewed while commands wait. None may be lost, nor a command.

import { resolve } from "node:path";
import { renewalDueAt } from "../../src/device/identity/renewal.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { type AppleDevice, appleDevice, newKey, seededRandom } from "../../test/support/apple-device.ts";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { commandBody } from "../bench/fleet.ts";
import { Trouble } from "../trouble.ts";

const { devices } = readArguments({
  name: "npm run drill:renewal",
  does: "A fleet whose identities all end on one day is renewed while commands wait.",
  options: { devices: { takes: "N", help: "how many devices", otherwise: "500" } },
});
const count = Number(devices);
const project = resolve(import.meta.dirname, "../..");
const atOnce = 8;
const day = 24 * 60 * 60_000;

await runInFolder("drill", drill);

type Member = { device: AppleDevice; command: string; before: string };

async function drill(folder: string): Promise<void> {
  const server = await BareServer.start(project, folder);
  const enrolling = stopwatch();
  const fleet = await enrolled(server);
  console.log(`${count} devices have enrolled by profile in ${enrolling()} s`);
  await showSpread(fleet);

  const renewing = stopwatch();
  const times: number[] = [];
  await each(fleet, async ({ device }) => {
    const started = performance.now();
    const path = `/api/v1/devices/${encodeURIComponent(device.id)}/renew-identity`;
    const answer = await server.request(path, { method: "POST", json: {} });
    times.push(performance.now() - started);
    if (answer.status !== 202) throw new Trouble(`a renewal was not begun: ${answer.status} ${answer.body}`);
  });
  console.log(`all profiles are made, signed and queued after ${renewing()} s: ${percentiles(times)}`);

  const connecting = stopwatch();
  await each(fleet, async ({ device }) => void (await device.converse()));
  console.log(`all devices have connected, and renewed, in ${connecting()} s`);
  await check(server, fleet);
}

/** By profiles with challenges, since only those say what to renew with; few keys, for making them takes longest. */
async function enrolled(server: BareServer): Promise<Member[]> {
  const keys = await Promise.all(Array.from({ length: 16 }, () => newKey()));
  let taken = 0;
  const nextKey = async () => keys[taken++ % keys.length] ?? newKey();
  const fleet: Member[] = [];
  await each(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      const device = appleDevice(index % 2 ? "mac" : "iphone", {
        transport: (request) => fetch(request),
        random: seededRandom(`renewal:${index}`),
        newKey: nextKey,
        requireHttps: false,
      });
      const answer = await fetch(`${server.origin}/api/v1/enrollment/profile?signed=false`, {
        headers: { authorization: `Bearer ${server.token}` },
      });
      if (!answer.ok) throw new Trouble(`no profile: ${answer.status} ${await answer.text()}`);
      await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
      const command = crypto.randomUUID().toUpperCase();
      const queued = await server.queue(device.id, commandBody(command));
      if (!queued.ok) throw new Trouble(`no command: ${queued.status}`);
      fleet.push({ device, command, before: await fingerprint(device.identity.certificate) });
    },
  );
  return fleet;
}

/** When each would renew by itself: the clock is moved by moving the end of its certificate. */
async function showSpread(fleet: readonly Member[]): Promise<void> {
  const policy = { renewalMs: 60 * day, graceMs: 30 * day };
  const perDay = new Map<number, number>();
  for (const { before } of fleet) {
    const daysLeft = Math.ceil(-renewalDueAt({ fingerprint: before, notAfter: 0 }, policy) / day);
    perDay.set(daysLeft, (perDay.get(daysLeft) ?? 0) + 1);
  }
  const most = Math.max(...perDay.values());
  console.log(
    `due by themselves over ${perDay.size} days, ${Math.min(...perDay.keys())} to ${Math.max(...perDay.keys())} before the end; ${most} on the fullest (${((100 * most) / count).toFixed(1)} %)`,
  );
}

async function check(server: BareServer, fleet: readonly Member[]): Promise<void> {
  let [same, lost, unanswered] = [0, 0, 0];
  await each(fleet, async ({ device, command, before }) => {
    if (!device.isEnrolled) lost++;
    else if ((await fingerprint(device.identity.certificate)) === before) same++;
    const path = `/api/v1/devices/${encodeURIComponent(device.id)}/commands/${command}`;
    const { body } = await server.request(path);
    if ((JSON.parse(body) as { state: string }).state !== "acknowledged") unanswered++;
  });
  if (same + lost + unanswered > 0)
    throw new Trouble(`${same} still use their old identity, ${lost} are lost, ${unanswered} lost a command`);
  console.log(
    `each of ${count} devices has a new identity, is still enrolled, and got the command that waited`,
  );
}

async function each<Item>(items: readonly Item[], visit: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await visit(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function percentiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${Math.round(sorted.at(-1) ?? 0)} ms`;
}

function stopwatch(): () => string {
  const started = performance.now();
  return () => ((performance.now() - started) / 1000).toFixed(1);
}
