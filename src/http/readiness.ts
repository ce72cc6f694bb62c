import { isStorageFault } from "../db/fault.ts";
import { pendingMigrations } from "../db/migrations.ts";
import { missingMasterKeys, wrongKey, wrongKeyRemedy } from "../db/sealing-keys.ts";
import { type EnvProblem, readEnv } from "../env.ts";
import { masterKeys } from "../pki/master.ts";
import { idsOf } from "../pki/seal.ts";
import { pushState } from "../push/warn.ts";
import { harmful } from "../selftest/judge.ts";
import { lastSelftest } from "../selftest/keep.ts";

/** What prevents a deployment from working, and what to do about it. */
export type Unready = EnvProblem;

type ReadinessCheck = (env: Env) => Promise<Unready[]>;

/** Conditions besides well-formed bindings. A folder with a condition of its own adds a line here. */
const checks: readonly ReadinessCheck[] = [databaseIsMigrated, masterKeyOpens, pushesGoOut];

/** Everything that is wrong, in one list. Empty: ready. */
export async function findUnready(env: Env): Promise<Unready[]> {
  const configuration = readEnv(env);
  if (!configuration.ok) return configuration.refusal;
  return (await Promise.all(checks.map((check) => check(env)))).flat();
}

/** What does not prevent any work, but still has to be done. */
export async function remindersOf(env: Env): Promise<{ reminders?: string[] }> {
  const { reminders } = await pushState(env, Date.now());
  const all = env.MASTER_KEY_PREVIOUS ? [resealReminder, ...reminders] : reminders;
  return all.length > 0 ? { reminders: all } : {};
}

const resealReminder =
  "MASTER_KEY_PREVIOUS is set: run the job reseal, and remove the variable when the job says so";

/** What came of the last test from outside. A monitor may not start one, because it needs no token. */
export async function selftestOf(env: Env): Promise<Record<string, unknown> | null> {
  try {
    const last = await lastSelftest(env);
    if (last === undefined) return null;
    const { address, testedAt, findings } = last;
    const devicesReachUs = harmful(findings).length === 0;
    return {
      address,
      tested_at: new Date(testedAt).toISOString(),
      devices_reach_us: devicesReachUs,
      findings,
    };
  } catch {
    // A database that is away, or not configured, is what the answer tells of already.
    return null;
  }
}

async function masterKeyOpens(env: Env): Promise<Unready[]> {
  try {
    const missing = await missingMasterKeys(env);
    if (missing.length === 0) return [];
    const problem = wrongKey(missing, idsOf(await masterKeys(env)));
    return [{ name: "MASTER_KEY", problem, remedy: wrongKeyRemedy }];
  } catch (fault) {
    if (!isStorageFault(fault)) throw fault;
    return [];
  }
}

async function pushesGoOut(env: Env): Promise<Unready[]> {
  try {
    return (await pushState(env, Date.now())).problems.map((found) => ({ name: "push", ...found }));
  } catch (fault) {
    // Another check reports a database that is unreachable or has missing migrations.
    if (!isStorageFault(fault)) throw fault;
    return [];
  }
}

async function databaseIsMigrated(env: Env): Promise<Unready[]> {
  const name = "DB";
  try {
    const pending = await pendingMigrations(env.DB);
    if (pending.length === 0) return [];
    const remedy =
      "run `npx wrangler d1 migrations apply DB --remote`; `npm start` and `npm run deploy` do it too";
    return [{ name, problem: `migrations not applied: ${pending.join(", ")}`, remedy }];
  } catch (fault) {
    if (!isStorageFault(fault)) throw fault;
    const remedy = "try again; if that does not help, look at the D1 database in the Cloudflare dashboard";
    return [{ name, problem: "the database does not answer", remedy }];
  }
}
