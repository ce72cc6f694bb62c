// `npm start`: a working edgemdm on this machine, with nothing to prepare. Makes what is missing, brings the
// local database up to date, runs the Worker in workerd, and says what to do next. A second start keeps all.
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureAuthority } from "./authority.ts";
import { migrate } from "./local-database.ts";
import { fail, run } from "./run.ts";
import { completeDevVars } from "./start/dev-vars.ts";
import { LocalWorker } from "./start/local-worker.ts";
import { freePort, originOf, readStartOptions } from "./start/options.ts";
import { welcome } from "./start/welcome.ts";
import { Trouble, writing } from "./trouble.ts";
import { readWorkerSettings } from "./worker-settings.ts";

const project = resolve(import.meta.dirname, "..");
const varsFile = join(project, ".dev.vars");

await run(start, { code: 0, say: "edgemdm has stopped; its state is kept." });

async function start(): Promise<void> {
  const wished = readStartOptions(process.argv.slice(2), project);
  const options = { ...wished, port: await freePort(wished) };
  makeFolder(join(project, ".wrangler"));
  makeFolder(options.state);
  const vars = completeDevVars(varsFile);

  const [settings] = await Promise.all([readWorkerSettings(project), migrate(project, options.state)]);

  // Until it is given an address, the Worker is known by the one it is started on.
  const given = settings.addressIsSet || vars.values.PUBLIC_URL;
  const address = given ? {} : { PUBLIC_URL: originOf(options) };
  const apns = options.apns ? await standIn() : {};
  // What Cloudflare would say of a client certificate, the development server takes from any request that says it.
  const noCloudflare = { MUTUAL_TLS: "false" };
  const variables = { ...address, ...apns, ...options.variables, ...noCloudflare };
  const worker = new LocalWorker(project, options, variables);
  try {
    await worker.ready();
    const token = vars.values.ADMIN_TOKEN ?? "";
    const authority = await ensureAuthority((path, input) => worker.request(path, { token, ...input }));
    console.log(welcome({ project, origin: worker.origin, state: options.state, varsFile, vars, authority }));
  } catch (error) {
    worker.forwardOutput({ held: "said" });
    throw error;
  }
  worker.forwardOutput({ held: "dropped" });
  worker.onExit(() => fail(new Trouble("the Worker has ended by itself; what wrangler said is above")));
}

/** Loaded when asked for: what tests are made of is no part of a start. */
async function standIn(): Promise<Record<string, string>> {
  const { apnsIdentity, apnsVariables } = await import("./apns/identity.ts");
  return apnsVariables(await apnsIdentity(project));
}

function makeFolder(path: string): void {
  writing(path, () => {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  });
}
