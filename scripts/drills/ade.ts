// `npm run drill:ade -- [--devices 100000] [--kills 3]`: an account whose server at Apple has a whole fleet. All devices are
// fetched, given a profile, and fetched again, while the Worker is killed; none may be missing, and its memory stays flat.
import { resolve } from "node:path";
import { FakeAppleService } from "../../test/support/node/fake-apple.ts";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { canMeasure, memoryMiB } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { stopwatch, waitFor } from "./waiting.ts";

const values = readArguments({
  name: "npm run drill:ade",
  does: "A whole fleet is fetched from a stand-in for Apple's service and given a profile, while the Worker is killed.",
  options: {
    devices: { takes: "N", help: "how many devices", otherwise: "100000" },
    kills: { takes: "N", help: "how often the Worker is killed during the first fetch", otherwise: "3" },
  },
});
const count = Number(values.devices);
const kills = Number(values.kills);
const project = resolve(import.meta.dirname, "../..");
const account = "/api/v1/ade/accounts/drill";

await runInFolder("drill", drill);

async function drill(folder: string): Promise<void> {
  const service = new FakeAppleService();
  const baseUrl = await service.listen();
  const portal = service.apple.addServer("drill");
  portal.addDevices(count);
  // Keeping what was asked is for tests.
  const tidy = setInterval(() => service.apple.requests.splice(0), 1_000);
  const server = await BareServer.start(project, folder);
  try {
    const made = await ask(server, "/api/v1/ade/accounts", "POST", { name: "drill", base_url: baseUrl });
    await ask(server, "/api/v1/ade/profiles/drill", "PUT", {
      profile_name: "Drill",
      url: "https://mdm.example.com/enroll/ade",
    });
    const rules = { rules: [], default_profile: "drill" };
    await ask(server, `${account}/rules`, "PUT", rules);

    const fetching = stopwatch();
    const memory = watchMemory(server);
    await uploadToken(server, baseUrl, (made as { certificate: string }).certificate);
    let died = 0;
    await waitFor("all devices to be fetched", async () => {
      memory.look();
      const known = await rowsWhere(server, "deleted_at IS NULL");
      if (died < kills && known >= ((died + 1) * count) / (kills + 2)) {
        died += 1;
        await server.killWorker();
        await server.startWorker();
        await ask(server, `${account}/sync`, "POST");
      }
      return known === count;
    });
    console.log(`${count} devices are known after ${fetching()} s and ${died} kills; ${memory.said()}`);

    await waitFor("all devices to have the profile", async () => {
      memory.look();
      return (await rowsWhere(server, "assign_outcome = 'SUCCESS' AND check_at IS NULL")) === count;
    });
    const has = [...portal.devices.values()].filter(({ profile_status }) => profile_status === "assigned");
    if (has.length !== count) throw new Trouble(`only ${has.length} devices have the profile at Apple`);
    console.log(`all have the profile after ${fetching()} s; ${memory.said()}`);

    const again = stopwatch();
    await server.rows("UPDATE ade_accounts SET fetched_at = 0, synced_at = 0");
    const since = Date.now();
    await ask(server, `${account}/sync`, "POST");
    await waitFor("all devices to be fetched again", async () => {
      memory.look();
      return (await rowsWhere(server, `seen_at >= ${since}`)) === count;
    });
    const more = await rowsWhere(server, `assigned_at >= ${since}`);
    console.log(`all are fetched again in ${again()} s, ${more} assigned again; ${memory.said()}`);
  } finally {
    clearInterval(tidy);
    await server.stop();
    service.close();
  }
}

/** The Worker's process, looked at again and again; a new one starts from zero. */
function watchMemory(server: BareServer): { look(): void; said(): string } {
  const seen: number[] = [];
  return {
    look() {
      if (canMeasure) seen.push(memoryMiB(server.worker.pid).now);
    },
    said() {
      const [first = 0] = seen;
      const now = seen.at(-1) ?? 0;
      return `the Worker's process had ${first.toFixed(0)} MiB first, ${Math.max(...seen).toFixed(0)} at most, ${now.toFixed(0)} now`;
    },
  };
}

async function uploadToken(server: BareServer, baseUrl: string, certificate: string): Promise<void> {
  const file = await fetch(`${baseUrl}/portal/servers/drill/token`, { method: "POST", body: certificate });
  const answer = await server.request(`${account}/token`, { method: "PUT", text: await file.text() });
  if (answer.status !== 200) throw new Trouble(`the token was not taken: ${answer.body}`);
}

async function ask(server: BareServer, path: string, method: string, json?: object): Promise<unknown> {
  const { status, body } = await server.request(path, { method, json, patienceMs: 60_000 });
  if (status >= 300) throw new Trouble(`${path} answered ${status}: ${body}`);
  return JSON.parse(body);
}

async function rowsWhere(server: BareServer, condition: string): Promise<number> {
  const [row] = await server.rows<{ n: number }>(`SELECT count(*) AS n FROM ade_devices WHERE ${condition}`);
  return row?.n ?? 0;
}
