import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { JobName } from "../../src/jobs/job-kinds.ts";
import type { RunReport } from "../../src/jobs/object.ts";

// A stub breaks when its object is aborted: each call takes its own.
export const jobObject = (name: JobName) => env.JOB.getByName(name);

/** Does the next page now; false: none is planned. */
export const nextPage = (name: JobName): Promise<boolean> => runDurableObjectAlarm(jobObject(name));

/** Page after page until the run is over, or until so many pages were done. */
export async function finish(name: JobName, mostPages = 100): Promise<RunReport> {
  for (let page = 0; page < mostPages; page++) {
    const run = await jobObject(name).status();
    if (run?.state !== "running") break;
    await nextPage(name);
  }
  const run = await jobObject(name).status();
  if (run === undefined) throw new Error(`${name} was never started`);
  return run;
}

/** A run that something else has begun is finished first: its pages may have read what was there before. */
export async function run(name: JobName): Promise<RunReport> {
  if ((await jobObject(name).status())?.state === "running") await finish(name);
  const started = await jobObject(name).start({ by: "test" });
  if (!started.ok) throw new Error(started.refusal.reason);
  return finish(name);
}

/** The job's next dealings are with these bindings. */
export const withBindings = (name: JobName, bindings: Partial<Env>): Promise<void> =>
  runInDurableObject(jobObject(name), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, ...bindings }, configurable: true });
  });

/** When the job's object will wake by itself. */
export const alarmTime = (name: JobName): Promise<number | null> =>
  runInDurableObject(jobObject(name), (_, state) => state.storage.getAlarm());
