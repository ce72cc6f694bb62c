import { withDeadline } from "../base/deadline.ts";
import type { Result } from "../base/result.ts";
import { type JobName, jobNames } from "./job-kinds.ts";
import type { Job, RunReport, StartInput, StartRefusal } from "./object.ts";

/** The jobs of this deployment, for callers that start or watch them. */
const patienceMs = 15_000;

/** Asks a job's object, which answers at once even while it works. */
const ask = <Answer>(
  env: Env,
  name: JobName,
  question: (job: DurableObjectStub<Job>) => Promise<Answer>,
): Promise<Answer> =>
  withDeadline(
    patienceMs,
    () => question(env.JOB.getByName(name)),
    () => new Error(`the object of the job ${name} did not answer within ${patienceMs} ms`),
  );

export const startJob = (
  env: Env,
  name: JobName,
  input: StartInput,
): Promise<Result<RunReport, StartRefusal>> =>
  ask<Result<RunReport, StartRefusal>>(env, name, (job) => job.start(input));

/** Starts from the beginning, also during a run, because its basis has changed. */
export async function restartJob(env: Env, name: JobName, by: string): Promise<void> {
  await cancelJob(env, name, by);
  await startJob(env, name, { by });
}

export const jobStatus = (env: Env, name: JobName): Promise<RunReport | undefined> =>
  ask(env, name, (job) => job.status());

export const cancelJob = (env: Env, name: JobName, by: string): Promise<RunReport | undefined> =>
  ask(env, name, (job) => job.cancel(by));

export const allJobs = (env: Env): Promise<{ name: JobName; run: RunReport | undefined }[]> =>
  Promise.all(jobNames.map(async (name) => ({ name, run: await jobStatus(env, name) })));
