// `npm start`: a working edgemdm on this machine, with nothing to prepare. Makes what is missing, brings the
// local database up to date, runs the Worker in workerd, and says what to do next. A second start keeps all.
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureAuthority } from "./authority.ts";
import { isSealedUnderSomeKey, migrate, withLocalDatabase } from "./local-database.ts";
import { refuseWrongMasterKey } from "./master-key.ts";
import { refuseTakenByNpm } from "./npm-flags.ts";
import { fail, run } from "./run.ts";
import { completeDevVars, readDevVars } from "./start/dev-vars.ts";
import { localConfig } from "./start/local-config.ts";
import { LocalWorker } from "./start/local-worker.ts";
import { freePort, originOf, readStartOptions } from "./start/options.ts";
import { callOnSchedule } from "./start/scheduled-work.ts";
import { holdState, refuseHeldState } from "./start/state-lock.ts";
import { Steps } from "./start/steps.ts";
import { welcome } from "./start/welcome.ts";
import { Trouble, writing } from "./trouble.ts";
import { readWorkerSettings } from "./worker-settings.ts";

const project = resolve(import.meta.dirname, "..");
const varsFile = join(project, ".dev.vars");

await run(start, { code: 0, say: "edgemdm has stopped; its state is kept." });

async function start(): Promise<void> {
  refuseTakenByNpm("npm start", [
    "--port",
    "--ip",
    "--persist-to",
    "--local-protocol",
    "--apns",
    "--apple",
    "--var",
  ]);
  const wished = readStartOptions(process.argv.slice(2), project);
  refuseHeldState(wished.state);
  const options = { ...wished, port: await freePort(wished) };
  makeFolder(join(project, ".wrangler"));
  makeFolder(options.state);
  holdState(options.state, originOf(options));
  console.log("edgemdm starts on this machine: its database, then the Worker; usually 3 to 10 seconds …");
  const steps = new Steps("preparing the database");
  const lacksKey = !readDevVars(varsFile).MASTER_KEY;
  const settings = readWorkerSettings(project);
  const isSealed = await withLocalDatabase(project, options.state, async (db) => {
    await migrate(db, project, options.state);
    return isSealedUnderSomeKey(db);
  });
  if (lacksKey && isSealed) throw new Trouble(keyIsGone(varsFile, options.state));
  steps.done("the database is ready", "building and starting the Worker");
  const vars = completeDevVars(varsFile);

  // Until it is given an address, the Worker is known by the one it is started on.
  const given = settings.addressIsSet || vars.values.PUBLIC_URL;
  const address = given ? {} : { PUBLIC_URL: originOf(options) };
  const apns = options.apns ? await standIn() : {};
  // What Cloudflare would say of a client certificate, the development server takes from any request that says it.
  const noCloudflare = { MUTUAL_TLS: "false" };
  const acme = options.acme ? await simulatedAttestations() : {};
  const variables = { ...address, ...apns, ...acme, ...options.variables, ...noCloudflare };
  const config = localConfig(project);
  const worker = new LocalWorker(project, options, { variables, config });
  try {
    await worker.ready();
    steps.done("the Worker runs");
    refuseWrongMasterKey(await worker.request("/readyz"), varsFile);
    const token = vars.values.ADMIN_TOKEN ?? "";
    const authority = await ensureAuthority((path, input) => worker.request(path, { token, ...input }));
    console.log(welcome({ project, origin: worker.origin, state: options.state, varsFile, vars, authority }));
    if (options.apple) await standBeside(worker.origin, wished.port === 0);
  } catch (error) {
    steps.stop();
    worker.forwardOutput({ held: "said" });
    throw error;
  }
  worker.forwardOutput({ held: "dropped" });
  callOnSchedule(worker, console.error);
  worker.onExit(() => fail(new Trouble("the Worker has ended by itself; what wrangler said is above")));
}

/** Loaded when asked for: what tests are made of is no part of a start. */
async function standIn(): Promise<Record<string, string>> {
  const { apnsIdentity, apnsVariables } = await import("./apns/identity.ts");
  return apnsVariables(await apnsIdentity(project));
}

async function standBeside(origin: string, anyPort: boolean): Promise<void> {
  const { appleWelcome, startApple } = await import("./start/apple.ts");
  const apple = await startApple(anyPort);
  console.log(appleWelcome(apple.origin, origin, varsFile));
}

function keyIsGone(file: string, state: string): string {
  return `${state} holds what was sealed under a MASTER_KEY, and ${file} has none. No new one was made: it would open nothing of that. Put the file back, or the line MASTER_KEY=… in it; or, if nothing there is worth keeping, delete ${state}`;
}

async function simulatedAttestations(): Promise<Record<string, string>> {
  const { testAttestationRoot } = await import("../test/support/apple-device/attestation-root.ts");
  return { ATTESTATION_ROOTS: testAttestationRoot, DEVICE_AUTHORITIES: testAttestationRoot };
}

function makeFolder(path: string): void {
  writing(path, () => {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  });
}
