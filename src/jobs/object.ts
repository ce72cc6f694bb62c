import { DurableObject } from "cloudflare:workers";
import { causeMessage } from "../base/cause.ts";
import { withDeadline } from "../base/deadline.ts";
import { log, logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { minute } from "../base/time.ts";
import { isJobName, type JobName, jobKinds } from "./job-kinds.ts";
import { afterFault, afterPage, beginRun, cancelled, type Run } from "./run.ts";

/** What others see of a run. */
export type RunReport = Omit<Run, "id" | "cursor" | "again">;

export type StartInput = {
  by: string;
  /** For schedules: not when a run was started at this time or later, whatever became of it. */
  unlessSince?: number;
  /** Once more when the present run is done: what this is about may have been added behind its back. */
  orAgain?: boolean;
};

export type StartRefusal = { reason: "already-running" | "not-due"; run: RunReport };

/** A page that takes longer than this hangs somewhere. */
const longestPageMs = 4 * minute;
/** By when a page that was cut short, alarm and all, is taken up again. */
const takenUpAgainMs = 60_000;
const runKey = "run";

/**
 * One kind of long work over many devices, named by its kind. The alarm does one page at a time; cursor and progress
 * are stored together when the page is done, so that whatever is cut short is done again from where it began.
 */
export class Job extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      const run = this.#run();
      // An alarm that fired just before the process died is used up; whoever wakes the object sets it again.
      if (run?.state === "running" && (await ctx.storage.getAlarm()) === null) this.#armAt(run.dueAt);
    });
  }

  async start({ by, unlessSince, orAgain }: StartInput): Promise<Result<RunReport, StartRefusal>> {
    const kind = await jobKinds[this.#name()].load();
    const last = this.#run();
    if (last?.state === "running") {
      if (orAgain && !last.again) this.#keep({ ...last, again: true });
      return refuse({ reason: "already-running", run: report(last) });
    }
    if (last !== undefined && unlessSince !== undefined && last.startedAt >= unlessSince) {
      return refuse({ reason: "not-due", run: report(last) });
    }
    return ok(report(this.#keep(beginRun(crypto.randomUUID(), kind.begin, by, Date.now()))));
  }

  /** The present run or the last one; undefined: there was none. Asking also wakes a run whose alarm was lost. */
  async status(): Promise<RunReport | undefined> {
    const run = this.#run();
    return run && report(run);
  }

  /** The run as it ended; undefined: none was running. */
  async cancel(by: string): Promise<RunReport | undefined> {
    const run = this.#run();
    return run?.state === "running" ? report(this.#keep(cancelled(run, by, Date.now()))) : undefined;
  }

  override async alarm(): Promise<void> {
    const run = this.#run();
    if (run?.state !== "running") return;
    this.#armAt(Date.now() + takenUpAgainMs);
    const after = await this.#afterNextPage(run);
    // While the page was done somebody may have cancelled the run, and even started another; or another alarm has done
    // the same page.
    const present = this.#run();
    if (present?.id !== run.id || present.state !== "running" || present.pages !== run.pages) return;
    this.#keep({ ...after, again: present.again });
    if (after.state === "done" && present.again) await this.start({ by: present.startedBy });
  }

  async #afterNextPage(run: Run): Promise<Run> {
    try {
      const kind = await jobKinds[this.#name()].load();
      const work = () => kind.page(this.env, run.cursor, Date.now());
      const late = () => new Error(`the page did not end within ${longestPageMs} ms`);
      return afterPage(run, await withDeadline(longestPageMs, work, late), Date.now());
    } catch (fault) {
      logFault("job.page_failed", fault, { job: this.#name(), page: run.pages, faults: run.faults + 1 });
      return afterFault(run, causeMessage(fault), Date.now());
    }
  }

  /** Stored in one write with the alarm that goes on from there. */
  #keep(run: Run): Run {
    this.ctx.storage.kv.put(runKey, run);
    if (run.state === "running") this.#armAt(run.dueAt);
    else this.#finish(run);
    return run;
  }

  #finish(run: Run): void {
    void this.ctx.storage.deleteAlarm();
    log({
      event: "job.finished",
      job: this.#name(),
      state: run.state,
      outcome: run.outcome ?? undefined,
      pages: run.pages,
      remarks: run.remarkCount,
      ...run.counts,
    });
  }

  #run(): Run | undefined {
    return this.ctx.storage.kv.get<Run>(runKey);
  }

  #name(): JobName {
    const { name } = this.ctx.id;
    if (name === undefined || !isJobName(name)) throw new Error(`there is no kind of job called ${name}`);
    return name;
  }

  // Not awaited: the alarm is part of the same write as what it is for.
  #armAt(at: number): void {
    void this.ctx.storage.setAlarm(at);
  }
}

const report = ({ id: _id, cursor: _cursor, again: _again, ...seen }: Run): RunReport => seen;
