// `npm run upgrade`: another release in the place of this one: looked at, backed up, deployed, tested from outside; and back.
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startNode, startProgram } from "./children.ts";
import { configOf } from "./deploy/deployment-file.ts";
import { readRecovery, recoveryFile } from "./deploy/recovery.ts";
import { firstReachable, request } from "./request.ts";
import { run } from "./run.ts";
import { Trouble, writing } from "./trouble.ts";
import { changesBetween, tellChanges } from "./upgrade/changes.ts";
import { agreeTo, readUpgradeOptions, type UpgradeOptions } from "./upgrade/options.ts";
import { editedFiles, fetchRelease, managed, type Release, releaseIn } from "./upgrade/release.ts";
import { readWorkerSettings, type WorkerSettings } from "./worker-settings.ts";

const project = resolve(import.meta.dirname, "..");
const previous = join(project, ".upgrade", "previous");

await run(upgrade, {
  code: 1,
  say: "Stopped. npm run upgrade goes on from the beginning; npm run deploy deploys what is here.",
});

async function upgrade(): Promise<void> {
  const options = readUpgradeOptions(process.argv.slice(2));
  const settings = readWorkerSettings(project, configOf(project));
  if (options.back) return goBack(settings, options);
  const now = releaseIn(project);
  const edited = await editedFiles(project);
  if (edited.length > 0)
    throw new Trouble(
      `these files of the release were changed, and would be lost: ${edited.join(", ")}. What differs between deployments belongs in deployment.json (docs/upgrade.md); git stash puts the rest aside`,
    );
  const next = await fetchRelease(project, options);
  const changes = changesBetween(now, next);
  tellChanges(changes);
  if (options.dryRun) return console.log("\nNothing was changed.");
  await agreeTo(`Upgrade ${settings.name} from ${now.version} to ${next.version}?`, options);
  const origin = await addressOf(settings, options);
  if (!options.noBackup) await backUp(origin);
  keep(now);
  put(next);
  console.log(`\nThe files are those of ${next.version}. Those of ${now.version} lie in .upgrade/previous.`);
  await live(origin, changes.dependencies);
  console.log(`\n${settings.name} is ${next.version}. To go back: npm run upgrade -- --back`);
}

/** The code only: what the database has learnt stays, and the release before can live with it (docs/upgrade.md). */
async function goBack(settings: WorkerSettings, options: UpgradeOptions): Promise<void> {
  if (!existsSync(join(previous, "package.json")))
    throw new Trouble("there is no release to go back to: .upgrade/previous is empty");
  const [now, before] = [releaseIn(project), releaseIn(previous)];
  await agreeTo(`Go back from ${now.version} to ${before.version}? The database stays as it is.`, options);
  const origin = await addressOf(settings, options);
  const { dependencies } = changesBetween(now, before);
  put(before);
  await live(origin, dependencies);
  console.log(`\n${settings.name} is ${before.version} again.`);
}

async function addressOf({ address }: WorkerSettings, { url }: UpgradeOptions): Promise<string> {
  const origin = url ?? address;
  if (origin === undefined)
    throw new Trouble("say where it answers: npm run upgrade -- --url https://edgemdm.example.workers.dev");
  return firstReachable([origin]);
}

async function backUp(origin: string): Promise<void> {
  const token = process.env.EDGEMDM_TOKEN ?? readRecovery(join(project, recoveryFile))?.ADMIN_TOKEN;
  if (token === undefined)
    throw new Trouble(
      `a backup needs a token of an administrator: set EDGEMDM_TOKEN, put ${recoveryFile} back, or say --no-backup`,
    );
  const folder = join(project, "backups");
  writing(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const file = join(folder, `before-upgrade-${new Date().toISOString().replace(/[:.]/g, "-")}.ndjson`);
  console.log("\nBacking up:");
  await script(["backup", "--url", origin, "--out", file], { EDGEMDM_TOKEN: token });
}

function keep(now: Release): void {
  rmSync(previous, { recursive: true, force: true });
  writing(previous, () => copyFiles(now.folder, previous));
}

function put(release: Release): void {
  writing(project, () => {
    for (const name of managed(release.folder)) rmSync(join(project, name), { recursive: true, force: true });
    copyFiles(release.folder, project);
  });
}

function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of managed(from)) cpSync(join(from, name), join(to, name), { recursive: true });
}

/** From here on the scripts are those of the other release: each runs by itself. */
async function live(origin: string, dependencies: boolean): Promise<void> {
  const back = "To go back: npm run upgrade -- --back";
  try {
    if (dependencies) await program("npm", ["ci"]);
    await script(["deploy", "--yes"]);
    const ready = await request(`${origin}/readyz`);
    if (ready.status !== 200) throw new Trouble(`it is not ready: ${ready.body.slice(0, 500)}`);
    await script(["selftest", "--url", origin]);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Trouble(`the release is not live as it should be: ${why}\n${back}`, { cause: fault });
  }
}

function script(args: readonly string[], variables: Record<string, string> = {}): Promise<void> {
  return ended(args[0] ?? "", startNode(["scripts/launch.mjs", ...args], childOptions(variables)));
}

function program(name: string, args: readonly string[]): Promise<void> {
  return ended(`${name} ${args.join(" ")}`, startProgram(name, args, childOptions({})));
}

function childOptions(variables: Record<string, string>) {
  return { cwd: project, env: { ...process.env, ...variables }, stdio: "inherit" as const };
}

function ended(what: string, child: ReturnType<typeof startNode>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", (fault) => reject(new Trouble(`${what} did not start: ${fault.message}`)));
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Trouble(`${what} ended with ${code}`)),
    );
  });
}
