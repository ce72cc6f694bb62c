import type { Result } from "../base/result.ts";
import { type JobName, jobNames } from "./kinds.ts";
import type { RunReport, StartInput, StartRefusal } from "./object.ts";

/** The jobs of this deployment, as whoever starts or watches them sees them. */
const objectOf = (env: Env, name: JobName) => env.JOB.getByName(name);

export const startJob = (
  env: Env,
  name: JobName,
  input: StartInput,
): Promise<Result<RunReport, StartRefusal>> => objectOf(env, name).start(input);

/** From the beginning, also while it runs: what it went by has changed. */
export async function restartJob(env: Env, name: JobName, by: string): Promise<void> {
  await objectOf(env, name).cancel(by);
  await objectOf(env, name).start({ by });
}

export const jobStatus = (env: Env, name: JobName): Promise<RunReport | undefined> =>
  objectOf(env, name).status();

export const cancelJob = (env: Env, name: JobName, by: string): Promise<RunReport | undefined> =>
  objectOf(env, name).cancel(by);

export const allJobs = (env: Env): Promise<{ name: JobName; run: RunReport | undefined }[]> =>
  Promise.all(jobNames.map(async (name) => ({ name, run: await jobStatus(env, name) })));
