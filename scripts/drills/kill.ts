// `npm run drill:kill -- --kills 20`: devices and administrators are at work, and workerd is killed in the middle of
// it, again and again. What was promised must hold: a command that was answered 201 is delivered, a result that was
// answered 200 is stored, once each and in order, and the directory learns of all.

import { resolve } from "node:path";
import { countOf, readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import { directoryCatchesUp, judge } from "./kill/judge.ts";
import { Killer } from "./kill/killer.ts";
import { Subject } from "./kill/subject.ts";
import { askNothing } from "./quiet.ts";

const project = resolve(import.meta.dirname, "../..");

await runInFolder("drill", drill);

type Options = { kills: number; devices: number };

function readOptions(): Options {
  const { kills, devices } = readArguments({
    name: "npm run drill:kill",
    does: "Devices and administrators are at work, and workerd is killed in the middle of it, again and again.",
    options: {
      kills: { takes: "N", help: "how often it is killed", otherwise: "20" },
      devices: { takes: "N", help: "how many devices are at work", otherwise: "6" },
    },
  });
  return { kills: countOf("kills", kills), devices: countOf("devices", devices) };
}

async function drill(folder: string): Promise<void> {
  const { kills, devices } = readOptions();
  const server = await BareServer.start(project, folder);
  await askNothing(server);
  const subjects = await Promise.all(
    Array.from({ length: devices }, (_, index) => Subject.enrolled(server, index)),
  );
  console.log(`${devices} devices have enrolled; workerd will be killed ${kills} times`);

  const started = performance.now();
  const atWork = subjects.map((subject) => subject.work());
  const killer = new Killer(server);
  for (let kill = 0; kill < kills; kill++) await killer.strike();
  for (const subject of subjects) subject.leaveOff();
  await Promise.all(atWork);
  const seconds = (performance.now() - started) / 1000;

  const { count, complaints } = await judge(server, subjects);
  const caughtUp = await directoryCatchesUp(server, subjects);
  console.log(`
kills               ${kills} in ${seconds.toFixed(0)} s, of which ${killer.databaseKills} took the database along
away each time      ${killer.away()}
commands answered 201     ${count.accepted}, and ${count.uncertain} whose answer was lost and that were left at that
delivered                 ${count.delivered}
results answered 200      ${count.results}, ${count.retried} requests sent again
directory                 ${caughtUp.seconds === undefined ? "never caught up" : `caught up after ${caughtUp.seconds.toFixed(1)} s`}`);
  const all = [...complaints, ...caughtUp.complaints];
  if (all.length > 0)
    throw new Trouble(`${all.length} promises were broken:\n${all.slice(0, 40).join("\n")}`);
  console.log("Every promise was kept.");
}
