// `npm run selftest -- --url URL`: asks a deployment from this machine, as devices do.
import { readArguments } from "./arguments.ts";
import { tellFindings } from "./outside-test.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

await run(selftest);

async function selftest(): Promise<void> {
  const { url } = readArguments({
    name: "npm run selftest",
    does: "Asks a deployment from outside, as devices do, and tells who answered: this server, or something in front of it.",
    options: { url: { takes: "URL", help: "the address that devices are given" } },
  });
  const origin = URL.parse(url ?? "")?.origin;
  if (origin === undefined)
    throw new Trouble("give the address: npm run selftest -- --url https://mdm.example.com");
  if (!(await tellFindings(origin))) throw new Trouble("devices do not reach this server.");
}
