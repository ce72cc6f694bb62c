import { describe, expect, test } from "vitest";
import { type ConnectMoment, nextCommand, type WaitingCommand } from "../../src/device/queue/next-command.ts";
import type { ReportStatus } from "../../src/mdm/report.ts";

const now = Date.UTC(2026, 10, 21);

let id = 0;
const waiting = (uuid: string, change: Partial<WaitingCommand> = {}): WaitingCommand => ({
  id: ++id,
  uuid,
  requestType: "DeviceInformation",
  state: "queued",
  high: false,
  sends: 0,
  unanswered: 0,
  refusals: 0,
  expiresAt: null,
  renewal: false,
  ...change,
});

const having = (status: ReportStatus, change: Partial<ConnectMoment> = {}): ConnectMoment => ({
  status,
  now,
  renewalOnly: false,
  configurationOnly: false,
  ...change,
});

const next = (commands: WaitingCommand[], moment: ConnectMoment) => nextCommand(commands, moment)?.uuid;

describe("the turn", () => {
  test("first in, first out", () => {
    expect(next([waiting("first"), waiting("second")], having("Idle"))).toBe("first");
  });

  test("high before normal, and first in first out within", () => {
    const queue = [waiting("normal"), waiting("high 1", { high: true }), waiting("high 2", { high: true })];

    expect(next(queue, having("Idle"))).toBe("high 1");
  });

  test("what was sent and never answered goes first again", () => {
    expect(next([waiting("lost", { state: "sent", sends: 3 }), waiting("second")], having("Idle"))).toBe(
      "lost",
    );
  });

  test.each(["RestartDevice", "ShutDownDevice", "DeviceLock", "EraseDevice"])(
    "%s is sent at most once more",
    (requestType) => {
      const once = waiting("once", { requestType, state: "sent", sends: 1 });
      const twice = waiting("twice", { requestType, state: "sent", sends: 2 });

      expect(next([once], having("Idle"))).toBe("once");
      expect(next([twice, waiting("other")], having("Idle"))).toBe("other");
    },
  );

  test("a disruptive command that was put off is offered again any number of times", () => {
    const patient = waiting("patient", { requestType: "RestartDevice", state: "not_now", sends: 5 });

    expect(next([patient], having("Idle"))).toBe("patient");
  });

  test("an expired command is never sent", () => {
    expect(
      next([waiting("late", { expiresAt: now }), waiting("in time", { expiresAt: now + 1 })], having("Idle")),
    ).toBe("in time");
  });

  test("an expired identity gets its renewal and nothing else", () => {
    const queue = [waiting("first"), waiting("renewal", { renewal: true })];

    expect(next(queue, having("Idle", { renewalOnly: true }))).toBe("renewal");
    expect(next([waiting("first")], having("Idle", { renewalOnly: true }))).toBeUndefined();
  });

  test("a Mac in Setup Assistant gets profiles only", () => {
    const queue = [waiting("query"), waiting("profile", { requestType: "InstallProfile" })];

    expect(next(queue, having("Idle", { configurationOnly: true }))).toBe("profile");
  });
});

describe("what was put off", () => {
  const refused = (uuid: string, refusals: number) => waiting(uuid, { state: "not_now", sends: 1, refusals });

  test("is not offered again in answer to NotNow", () => {
    expect(next([refused("refused", 1), waiting("other")], having("NotNow"))).toBe("other");
    expect(next([refused("refused", 1)], having("NotNow"))).toBeUndefined();
  });

  test("waits behind what was never refused", () => {
    expect(next([refused("refused", 1), waiting("other")], having("Acknowledged"))).toBe("other");
  });

  test("is offered once more at the end, so that the device's last word is NotNow", () => {
    expect(next([refused("refused", 1)], having("Acknowledged"))).toBe("refused");
    expect(next([refused("refused", 2)], having("Acknowledged"))).toBeUndefined();
  });

  test("comes back at the next Idle in its old place", () => {
    expect(next([refused("refused", 0), waiting("other")], having("Idle"))).toBe("refused");
  });
});
