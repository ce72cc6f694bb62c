import { type Context, Hono } from "hono";
import * as v from "valibot";
import { isJobName, type JobName, jobKinds, jobNames } from "../../../jobs/job-kinds.ts";
import { allJobs, cancelJob, jobStatus, startJob } from "../../../jobs/jobs.ts";
import type { RunReport } from "../../../jobs/object.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

const Run = v.pipe(
  v.object({
    state: v.picklist(["running", "done", "failed", "cancelled"]),
    started_at: Time,
    started_by: v.pipe(v.string(), v.description("The id of a token, or `cron`")),
    finished_at: TimeOrNull,
    outcome: v.pipe(v.nullable(v.string()), v.description("The outcome in words, once it has ended")),
    pages: v.pipe(v.number(), v.integer(), v.description("How many pages of work are done")),
    counts: v.record(v.string(), v.pipe(v.number(), v.integer())),
    remarks: v.pipe(
      v.array(v.object({ about: v.string(), detail: v.string() })),
      v.description("What a person should look at, the first fifty"),
    ),
    remark_count: v.pipe(v.number(), v.integer()),
    faults: v.pipe(
      v.number(),
      v.integer(),
      v.description("How many times in a row the current page has failed"),
    ),
    last_fault: v.nullable(v.string()),
    next_page_at: v.pipe(TimeOrNull, v.description("null: it has ended")),
  }),
  v.title("JobRun"),
);

const Job = v.pipe(
  v.object({
    kind: v.picklist(jobNames),
    summary: v.string(),
    run: v.pipe(v.nullable(Run), v.description("The current or last run; null: there was none")),
  }),
  v.title("Job"),
);

export const jobs = new Hono<ApiEnv>();

jobs.get(
  "/",
  describeRoute("List the jobs, each with its current or last run", {
    200: v.object({ items: v.array(Job) }),
  }),
  allow("viewer"),
  async (c) => {
    const all = await allJobs(c.env);
    return c.json({ items: all.map(({ name, run }) => present(name, run)) });
  },
);

jobs.get(
  "/:kind",
  describeRoute("Read the current or last run of a job", { 200: Job }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const kind = c.req.param("kind");
    if (!isJobName(kind)) return noSuchJob(c, kind);
    return c.json(present(kind, await jobStatus(c.env, kind)));
  },
);

jobs.post(
  "/:kind",
  describeRoute(
    "Start a job; each job has one run at a time",
    { 202: Job },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  async (c) => {
    const kind = c.req.param("kind");
    if (!isJobName(kind)) return noSuchJob(c, kind);
    const started = await startJob(c.env, kind, { by: c.var.caller.tokenId });
    if (started.ok) return c.json(present(kind, started.value), 202);
    const { startedBy, startedAt } = started.refusal.run;
    return problem(c, "conflict", `${kind} is running, started by ${startedBy} at ${isoTime(startedAt)}`);
  },
);

jobs.delete(
  "/:kind",
  describeRoute(
    "Cancel a running job; work already done is kept",
    { 200: Job },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  async (c) => {
    const kind = c.req.param("kind");
    if (!isJobName(kind)) return noSuchJob(c, kind);
    const ended = await cancelJob(c.env, kind, c.var.caller.tokenId);
    return ended ? c.json(present(kind, ended)) : problem(c, "conflict", `${kind} is not running`);
  },
);

const noSuchJob = (c: Context, kind: string): Response =>
  problem(c, "not-found", `no job ${JSON.stringify(kind)} is known; the jobs are ${jobNames.join(", ")}`);

const present = (kind: JobName, run: RunReport | undefined): v.InferInput<typeof Job> => ({
  kind,
  summary: jobKinds[kind].summary,
  run: run ? presentRun(run) : null,
});

const presentRun = (run: RunReport): v.InferInput<typeof Run> => ({
  state: run.state,
  started_at: isoTime(run.startedAt),
  started_by: run.startedBy,
  finished_at: isoTimeOrNull(run.finishedAt),
  outcome: run.outcome,
  pages: run.pages,
  counts: run.counts,
  remarks: run.remarks,
  remark_count: run.remarkCount,
  faults: run.faults,
  last_fault: run.lastFault,
  next_page_at: run.state === "running" ? isoTime(run.dueAt) : null,
});
