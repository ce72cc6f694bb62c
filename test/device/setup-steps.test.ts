import { describe, expect, test } from "vitest";
import { decideSetup, type Outlook, planSteps } from "../../src/device/setup/steps.ts";

const now = 1_800_000_000_000;
const minute = 60_000;

const setup = { ends_at: now + 10 * minute, step_ms: 5 * minute, planned: true };
const step = (name: string, began_at = now, state: "running" | "done" | "failed" | "late" = "running") => ({
  name,
  state,
  began_at,
});
const seen = (outlook: Record<string, Outlook>) => new Map(Object.entries(outlook));
const done: Outlook = { state: "done", error: null };

describe("the plan of a set-up", () => {
  const wishes = { fileVaultEscrow: true, accounts: true, recoveryLock: true };

  test("has for a Mac what only Macs have, escrow first", () => {
    expect(planSteps("device", "macos", wishes)).toEqual([
      "file-vault-escrow",
      "profiles",
      "declarations",
      "apps",
      "accounts",
      "recovery-lock",
    ]);
  });

  test.each(["ios", undefined] as const)("has for a device of %s what every device has", (platform) => {
    expect(planSteps("device", platform, wishes)).toEqual(["profiles", "declarations", "apps"]);
  });

  test("has no apps for a user's channel", () => {
    expect(planSteps("user", "macos", wishes)).toEqual(["profiles", "declarations"]);
  });

  test("has nothing that nobody wants", () => {
    const none = { fileVaultEscrow: false, accounts: false, recoveryLock: false };
    expect(planSteps("device", "macos", none)).toEqual(["profiles", "declarations", "apps"]);
  });
});

describe("a set-up", () => {
  test("goes on while a step does, until the first limit", () => {
    const steps = [step("profiles"), step("accounts", now - 2 * minute)];

    expect(decideSetup(setup, steps, seen({ profiles: done }), now)).toEqual({
      ended: [{ name: "profiles", ...done }],
      release: undefined,
      lookAt: now + 3 * minute,
    });
  });

  test("is complete when nothing goes on any more, whether it was done or failed", () => {
    const steps = [step("profiles"), step("declarations", now, "done"), step("accounts", now, "failed")];

    expect(decideSetup(setup, steps, seen({ profiles: { state: "failed", error: "no" } }), now)).toEqual({
      ended: [{ name: "profiles", state: "failed", error: "no" }],
      release: "complete",
      lookAt: undefined,
    });
  });

  test("does not wait for a step beyond that step's limit", () => {
    const late = decideSetup(setup, [step("accounts", now - 5 * minute)], seen({}), now);

    expect(late.ended).toEqual([
      { name: "accounts", state: "late", error: "it was not done within 300 seconds" },
    ]);
    expect(late.release).toBe("complete");
  });

  test("ends with its own limit, whatever goes on", () => {
    const ended = decideSetup({ ...setup, ends_at: now }, [step("profiles")], seen({}), now);

    expect(ended).toMatchObject({ ended: [{ name: "profiles", state: "late" }], release: "time-limit" });
  });

  test("ends with its own limit even where it could not be planned", () => {
    expect(decideSetup({ ...setup, planned: false }, [], seen({}), now)).toMatchObject({
      release: undefined,
      lookAt: setup.ends_at,
    });
    expect(decideSetup({ ...setup, planned: false, ends_at: now }, [], seen({}), now)).toMatchObject({
      release: "time-limit",
    });
  });
});
