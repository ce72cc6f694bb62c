// `npm run deploy`: edgemdm in your Cloudflare account, database and secrets included. Each step looks before it
// acts, so a deployment that stopped anywhere is finished by deploying again.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureAuthority } from "./authority.ts";
import { agree } from "./deploy/agree.ts";
import { Cloudflare, NotLoggedIn } from "./deploy/cloudflare.ts";
import { configOf, readDeployment } from "./deploy/deployment-file.ts";
import { type DeployOptions, readDeployOptions } from "./deploy/options.ts";
import { type Cloud, type Plan, planDeployment } from "./deploy/plan.ts";
import { readRecovery, recoveryFile, writeRecovery } from "./deploy/recovery.ts";
import { authorityByHand, deployed } from "./deploy/words.ts";
import { onlyThisKey, refuseWrongMasterKey, unopened } from "./master-key.ts";
import { tellFindings } from "./outside-test.ts";
import { firstReachable, request } from "./request.ts";
import { run } from "./run.ts";
import { makeSecret } from "./secrets.ts";
import { Trouble } from "./trouble.ts";
import { readWorkerSettings, type WorkerSettings } from "./worker-settings.ts";

const project = resolve(import.meta.dirname, "..");
const recoveryPath = join(project, recoveryFile);
const onBuildMachine = Boolean(process.env.CI || process.env.WORKERS_CI);

type Step = { what: string; act: () => Promise<unknown> };

await run(deploy, { code: 1, say: "Stopped. npm run deploy goes on from here." });

async function deploy(): Promise<void> {
  const deployment = readDeployment(project);
  const options = readDeployOptions(process.argv.slice(2), process.env, deployment);
  const settings = readWorkerSettings(project, configOf(project));
  const cloudflare = new Cloudflare(project, settings);
  const cloud = await look(cloudflare, options);
  const recovery = readRecovery(recoveryPath);
  const plan = planDeployment(
    { worker: settings.name, database: settings.database, cloud, recovery, onBuildMachine, ...options },
    makeSecret,
  );

  if (cloud.databaseExists) await refuseKeyThatOpensNothing(cloudflare, plan, settings.database);
  for (const warning of plan.warnings) console.warn(`\nWARNING: ${warning}`);
  console.log(options.dryRun ? "\nThis would be done:" : `\nDeploying ${settings.name}:`);
  const todo = steps(cloudflare, settings, plan, options);
  if (plan.isFirst && !options.dryRun)
    await agree(
      todo.map(({ what }) => what),
      options,
    );
  for (const { what, act } of todo) {
    console.log(`  ${what}`);
    if (!options.dryRun) await act();
  }
  if (!options.dryRun) return;
  await cloudflare.build();
  console.log("\nThe Worker builds. Nothing was changed.");
}

/** What is there. A dry run also serves who has no account yet. */
async function look(cloudflare: Cloudflare, { dryRun }: DeployOptions): Promise<Cloud> {
  try {
    return await cloudflare.look();
  } catch (error) {
    if (!dryRun || !(error instanceof NotLoggedIn)) throw error;
    console.log(`\n${error.message}\nWithout that, this is what a first deployment does.`);
    return { databaseExists: false, secrets: undefined };
  }
}

/** Uploaded, it would seal what nobody can open when the right one comes back. */
async function refuseKeyThatOpensNothing(
  cloudflare: Cloudflare,
  { upload, givesUpOthers }: Plan,
  database: string,
): Promise<void> {
  if (!upload.MASTER_KEY || givesUpOthers) return;
  const markers = await cloudflare.markers();
  const unread = await unopened(upload.MASTER_KEY, markers);
  // While a key is changed for another there are two, and the right file has the newer one.
  if (unread.length < markers.length || markers.length === 0) return;
  const ids = unread.map(({ key_id }) => key_id).join(" and ");
  throw new Trouble(
    `the MASTER_KEY in ${recoveryFile} is not the one that the secrets in the database ${database} are sealed under (master key ${ids}): put the right file back`,
  );
}

function steps(cloudflare: Cloudflare, settings: WorkerSettings, plan: Plan, options: DeployOptions): Step[] {
  const { name, database, address, addressIsSet } = settings;
  let answersAt: string[] = [];
  return [
    {
      what: plan.recovery
        ? `secrets      make ${plan.made.join(" and ")}; keep a copy in ${recoveryFile}`
        : "secrets      none to make",
      act: async () => plan.recovery && writeRecovery(recoveryPath, plan.recovery),
    },
    {
      what: plan.createDatabase
        ? `database     create ${database} ${options.place.join(" ")}`.trimEnd()
        : `database     ${database} is there`,
      act: async () => plan.createDatabase && cloudflare.createDatabase(options.place),
    },
    {
      what: "migrations   apply those that are missing",
      act: async () => {
        await cloudflare.migrate();
        if (plan.givesUpOthers) await cloudflare.execute(await onlyThisKey(plan.upload.MASTER_KEY ?? ""));
      },
    },
    {
      what: `Worker       upload ${[name, ...Object.keys(plan.upload)].join(", ")}`,
      act: async () => {
        answersAt = await cloudflare.deploy(
          plan.upload,
          address && !addressIsSet ? { PUBLIC_URL: address } : {},
        );
      },
    },
    {
      what: "authority    make one, unless one issues already",
      act: async () => {
        const origin = await firstReachable([...(address ? [address] : []), ...answersAt]);
        refuseWrongMasterKey(await request(`${origin}/readyz`), `the Worker ${name}`);
        const token = plan.adminToken;
        const authority = token
          ? await ensureAuthority((path, input) => request(`${origin}${path}`, { token, ...input }))
          : undefined;
        const kept = existsSync(recoveryPath) ? recoveryPath : undefined;
        console.log(deployed({ origin, address, authority, recovery: kept }));
        if (!authority) console.log(authorityByHand(origin));
      },
    },
    {
      what: "from outside ask the address as devices do",
      act: async () => {
        const origin = address ?? answersAt[0];
        if (origin !== undefined) await tellFindings(origin);
      },
    },
  ];
}
