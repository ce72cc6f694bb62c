import { withDeadline } from "../base/deadline.ts";
import { log, logFault } from "../base/log.ts";
import { listAccountsWithToken } from "../db/ade-accounts.ts";
import { listLocations } from "../db/content-locations.ts";
import { openDb } from "../db/open.ts";
import { listPortalAccounts } from "../db/portal-accounts.ts";
import { listWebhooks } from "../db/webhooks.ts";
import { readEnv } from "../env.ts";
import { wakeListeners } from "../events/listeners.ts";
import { type JobName, jobNames } from "../jobs/job-kinds.ts";
import { jobStatus, startJob } from "../jobs/jobs.ts";
import { warnOfExpiry } from "../push/warn.ts";
import { dueSince } from "./schedule.ts";

/**
 * The cron handler: starts due jobs and wakes every job's object, so that one whose alarm was lost continues. It does no
 * work itself. If it runs twice, late, or not at all for a while, nothing changes: the objects know when they last
 * started.
 */
type Outcome = "started" | "running" | "resting" | "failed" | "unreachable";

export async function runCron(env: Env, scheduledTime: number): Promise<void> {
  const startedAt = Date.now();
  const configuration = readEnv(env);
  if (!configuration.ok) {
    log({ event: "cron", misconfigured: configuration.refusal.map(({ name }) => name).join(", ") });
    return;
  }
  await warned(env, scheduledTime);
  await listenersWoken(env);
  await accountsWoken(env);
  const outcomes = await Promise.all(
    jobNames.map(async (job): Promise<[JobName, Outcome]> => [job, await lookAfter(env, job, scheduledTime)]),
  );
  log({ event: "cron", ms: Date.now() - startedAt, ...Object.fromEntries(outcomes) });
}

/** The jobs are started even if D1 fails. */
const warningMs = 60_000;

async function warned(env: Env, now: number): Promise<void> {
  try {
    await withDeadline(
      warningMs,
      () => warnOfExpiry(env, now),
      () => new Error(`the warnings were not written within ${warningMs} ms`),
    );
  } catch (fault) {
    logFault("cron.push_certificates", fault);
  }
}

/** Webhooks whose alarm or wake-up was lost continue. */
async function listenersWoken(env: Env): Promise<void> {
  try {
    const rows = await listWebhooks(openDb(env.DB));
    await wakeListeners(
      env,
      rows.filter(({ state }) => state === "active").map(({ id }) => id),
    );
  } catch (fault) {
    logFault("cron.webhooks", fault);
  }
}

/** Those whose alarm was lost go on. */
async function accountsWoken(env: Env): Promise<void> {
  try {
    const rows = await listAccountsWithToken(openDb(env.DB));
    await Promise.all(rows.map(({ name }) => env.ADE.getByName(name).wake()));
    const portals = await listPortalAccounts(openDb(env.DB));
    await Promise.all(portals.map(({ name }) => env.PORTAL.getByName(name).wake()));
    const locations = await listLocations(openDb(env.DB));
    await Promise.all(locations.map(({ name }) => env.CONTENT.getByName(name).wake()));
  } catch (fault) {
    logFault("cron.ade_accounts", fault);
  }
}

async function lookAfter(env: Env, job: JobName, now: number): Promise<Outcome> {
  try {
    const unlessSince = dueSince(job, now);
    if (unlessSince === undefined) return outcomeOf((await jobStatus(env, job))?.state);
    const started = await startJob(env, job, { by: "cron", unlessSince });
    return started.ok ? "started" : outcomeOf(started.refusal.run.state);
  } catch (fault) {
    // One job that cannot be reached must not block the others.
    logFault("cron.job_unreachable", fault, { job });
    return "unreachable";
  }
}

const outcomeOf = (state: string | undefined): Outcome =>
  state === "running" || state === "failed" ? state : "resting";
