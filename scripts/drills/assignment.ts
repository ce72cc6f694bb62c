// `npm run drill:assignment -- [--devices 2000] [--edits 50] [--kills 4]`: a set that follows the fleet, and a burst of edits
// to one declaration in it, while the Worker is killed again and again. Each device must synchronise exactly once for all
// of them, and end with the last.

import { resolve } from "node:path";
import { declarationsOf } from "../../test/support/apple-device.ts";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { BenchDevice } from "../bench/fleet.ts";
import { Trouble } from "../trouble.ts";
import { askNothing } from "./quiet.ts";
import { known, stopwatch, waitFor } from "./waiting.ts";

const values = readArguments({
  name: "npm run drill:assignment",
  does: "A burst of edits to a set that follows the fleet, while the Worker is killed again and again.",
  options: {
    devices: { takes: "N", help: "how many devices", otherwise: "2000" },
    edits: { takes: "N", help: "how many edits", otherwise: "50" },
    kills: { takes: "N", help: "how often the Worker is killed", otherwise: "4" },
  },
});
const count = Number(values.devices);
const edits = Number(values.edits);
const kills = Number(values.kills);
const project = resolve(import.meta.dirname, "../..");
const identifier = "drill.passcode";

await runInFolder("drill", drill);

async function drill(folder: string): Promise<void> {
  const server = await BareServer.start(project, folder);
  await askNothing(server);
  const enrolling = stopwatch();
  const fleet = await BenchDevice.enrolled(server, count);
  await waitFor("the directory to know them", async () => (await known(server)) >= count);
  console.log(`${count} devices have enrolled in ${enrolling()} s`);

  await declare(server, 6);
  const activation = {
    Type: "com.apple.activation.simple",
    Payload: { StandardConfigurations: [identifier] },
  };
  await put(server, "/api/v1/declarations/drill.activation", activation);
  const given = stopwatch();
  const declarations = [identifier, "drill.activation"];
  await put(server, "/api/v1/sets/everybody", { declarations, filter: { kind: "device" } });
  const first = await allHave(server, given, 0);
  console.log(
    `the set was answered after ${first.answered} s; after ${first.all} s every device's object has it`,
  );
  await everyoneSyncs(fleet, 6);

  const editing = stopwatch();
  for (let edit = 1; edit <= edits; edit++) await declare(server, edit % 10 || 10);
  const last = edits % 10 || 10;
  const after = await allHave(server, editing, kills);
  console.log(
    `${edits} edits were answered in ${after.answered} s; after ${after.all} s and ${kills} kills every object has the last`,
  );
  await everyoneSyncs(fleet, last);
  console.log(`each of ${count} devices synchronised exactly once for ${edits} edits, and has the last`);
}

function declare(server: BareServer, MinimumLength: number): Promise<void> {
  const declaration = { Type: "com.apple.configuration.passcode.settings", Payload: { MinimumLength } };
  return put(server, `/api/v1/declarations/${identifier}`, declaration);
}

async function put(server: BareServer, path: string, json: object): Promise<void> {
  const { status, body } = await server.request(path, { method: "PUT", json });
  if (status >= 300) throw new Trouble(`${path} was not taken: ${status} ${body}`);
}

/** Until the objects of all devices have told the directory that they have the declaration as it is now. */
async function allHave(
  server: BareServer,
  since: () => number,
  deaths: number,
): Promise<{ answered: number; all: number }> {
  const answered = since();
  const { body } = await server.request(`/api/v1/declarations/${identifier}`);
  const { server_token } = JSON.parse(body) as { server_token: string };
  let died = 0;
  await waitFor("every device's object to have looked", async () => {
    const query = "SELECT count(*) AS n FROM declaration_states WHERE identifier = ? AND server_token = ?";
    const [row] = await server.rows<{ n: number }>(query, identifier, server_token);
    const done = row?.n ?? 0;
    if (died < deaths && done >= ((died + 1) * count) / (deaths + 2)) {
      died += 1;
      await server.killWorker();
      await server.startWorker();
    }
    return done === count;
  });
  return { answered, all: since() };
}

async function everyoneSyncs(fleet: readonly BenchDevice[], length: number): Promise<void> {
  const syncing = stopwatch();
  const left = [...fleet];
  const talk = async (): Promise<void> => {
    for (let one = left.pop(); one; one = left.pop()) {
      const { device } = one;
      const turns = await device.converse();
      const got = turns.map(({ command }) => command.requestType).join();
      if (got !== "DeclarativeManagement")
        throw new Trouble(`${device.id} was sent for by ${got || "nothing"}`);
      const has = declarationsOf(device).kept.get(identifier)?.Payload.MinimumLength;
      if (has !== length) throw new Trouble(`${device.id} has the edit ${has}, and should have ${length}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, talk));
  const took = syncing();
  console.log(`all devices have synchronised in ${took} s, ${Math.round(count / took)} a second`);
}
