import { DurableObject } from "cloudflare:workers";
import { causeMessage } from "../base/cause.ts";
import { withDeadline } from "../base/deadline.ts";
import { log, logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { minute } from "../base/time.ts";
import { isJobName, type JobName, jobKinds } from "./job-kinds.ts";
import { afterFault, afterPage, beginRun, cancelled, type Run } from "./run.ts";

/** A run as others see it. */
export type RunReport = Omit<Run, "id" | "cursor" | "again">;

export type StartInput = {
  by: string;
  /** For schedules: does not start if a run was started at this time or later, whatever its outcome. */
  unlessSince?: number;
  /** Start again after the present run: new work may have been added that the run does not see. */
  orAgain?: boolean;
};

export type StartRefusal = { reason: "already-running" | "not-due"; run: RunReport };

/** A page that takes longer than this is hanging. */
const longestPageMs = 4 * minute;
/** How long until an interrupted page is started again, even if its alarm was lost. */
const takenUpAgainMs = 60_000;
const runKey = "run";

/**
 * One kind of long work over many devices, named by its kind. The alarm does one page at a time. Cursor and progress are
 * stored together at the end of the page, so that an interrupted page is done again from its beginning.
 */
export class Job extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      const run = this.#run();
      // An alarm that fired just before the process died does not come again; any call to the object sets it again.
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

  /** The present or last run; undefined: there was none. The call also wakes a run whose alarm was lost. */
  async status(): Promise<RunReport | undefined> {
    const run = this.#run();
    return run && report(run);
  }

  /** The ended run; undefined: none was running. */
  async cancel(by: string): Promise<RunReport | undefined> {
    const run = this.#run();
    return run?.state === "running" ? report(this.#keep(cancelled(run, by, Date.now()))) : undefined;
  }

  override async alarm(): Promise<void> {
    const run = this.#run();
    if (run?.state !== "running") return;
    this.#armAt(Date.now() + takenUpAgainMs);
    const after = await this.#afterNextPage(run);
    const { begin } = await jobKinds[this.#name()].load();
    // During the page the run may have been cancelled, or another one started, or another alarm has done the same page.
    const present = this.#run();
    if (present?.id !== run.id || present.state !== "running" || present.pages !== run.pages) return;
    const ended = { ...after, again: present.again };
    if (ended.state !== "done" || !ended.again) return void this.#keep(ended);
    // In one write: if the process ends here, the work that came meanwhile is not forgotten.
    this.#tell(ended);
    this.#keep(beginRun(crypto.randomUUID(), begin, ended.startedBy, Date.now()));
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

  /** Stored in one write with the alarm for the next page. */
  #keep(run: Run): Run {
    this.ctx.storage.kv.put(runKey, run);
    if (run.state === "running") this.#armAt(run.dueAt);
    else {
      void this.ctx.storage.deleteAlarm();
      this.#tell(run);
    }
    return run;
  }

  #tell(run: Run): void {
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
    if (name === undefined || !isJobName(name)) throw new Error(`there is no job ${name}`);
    return name;
  }

  // Not awaited: the alarm is part of the same write as its work.
  #armAt(at: number): void {
    void this.ctx.storage.setAlarm(at);
  }
}

const report = ({ id: _id, cursor: _cursor, again: _again, ...seen }: Run): RunReport => seen;
