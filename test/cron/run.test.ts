import { abortAllDurableObjects, createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { runCron } from "../../src/cron/run.ts";
import { dueSince } from "../../src/cron/schedule.ts";
import worker from "../../src/index.ts";
import { alarmTime, finish, jobObject } from "../support/jobs.ts";

const at = (text: string) => Date.parse(text);

const linesOf = async (work: () => Promise<void>): Promise<unknown[]> => {
  const spy = vi.spyOn(console, "log").mockImplementation(() => {});
  await work();
  const lines = spy.mock.calls.map(([line]) => JSON.parse(line)).filter((line) => line.event === "cron");
  spy.mockRestore();
  return lines;
};

describe("what is due when", () => {
  test.each([
    ["2026-11-21T02:19:59Z", "2026-11-20T02:20:00Z"],
    ["2026-11-21T02:20:00Z", "2026-11-21T02:20:00Z"],
    ["2026-11-21T23:55:00Z", "2026-11-21T02:20:00Z"],
  ])("at %s the repair pass is due since %s", (now, since) => {
    expect(dueSince("repair", at(now))).toBe(at(since));
  });
});

describe("the trigger", () => {
  test("starts what is due once, even if it comes several times", async () => {
    const now = Date.now();

    const lines = await linesOf(async () => {
      await runCron(env, now);
      await runCron(env, now);
      await Promise.all([runCron(env, now), runCron(env, now)]);
    });
    expect(lines.map((line) => (line as { repair: string }).repair)).toEqual([
      "started",
      "running",
      "running",
      "running",
    ]);

    const { startedAt } = await finish("repair");
    await runCron(env, now);
    expect((await jobObject("repair").status())?.startedAt).toBe(startedAt);
    expect((await jobObject("repair").status())?.state).toBe("done");
  });

  test("starts it again when it is due again", async () => {
    await runCron(env, Date.now());
    await finish("repair");

    await runCron(env, Date.now() + 24 * 3_600_000);

    expect(await jobObject("repair").status()).toMatchObject({ state: "running", startedBy: "cron" });
    await finish("repair");
  });

  test("leaves alone what a person has started", async () => {
    await jobObject("repair").start({ by: "anna" });

    await runCron(env, Date.now() + 10 * 24 * 3_600_000);

    expect(await jobObject("repair").status()).toMatchObject({ state: "running", startedBy: "anna" });
    await finish("repair");
  });

  test("wakes a job that lost its alarm", async () => {
    await jobObject("repair").start({ by: "anna" });
    await runInDurableObject(jobObject("repair"), (_, { storage }) => storage.deleteAlarm());
    await abortAllDurableObjects();

    await runCron(env, Date.now());

    expect(await alarmTime("repair")).not.toBeNull();
    await finish("repair");
  });

  test("looks after the others when one cannot be reached, and says so in its one line", async () => {
    const unreachable = { getByName: () => ({ start: async () => Promise.reject(new Error("gone")) }) };

    const lines = await linesOf(() => runCron({ ...env, JOB: unreachable } as unknown as Env, Date.now()));

    expect(lines).toEqual([expect.objectContaining({ event: "cron", repair: "unreachable" })]);
  });

  test("does nothing while the deployment is not configured, and says what is missing", async () => {
    const lines = await linesOf(() => runCron({ ...env, MASTER_KEY: "" }, Date.now()));

    expect(lines).toEqual([{ event: "cron", misconfigured: "MASTER_KEY" }]);
  });

  test("is the Worker's own", async () => {
    await worker.scheduled(createScheduledController({ scheduledTime: Date.now() + 48 * 3_600_000 }), env);

    expect((await jobObject("repair").status())?.startedBy).toBe("cron");
    await finish("repair");
  });
});
