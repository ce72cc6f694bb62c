import { afterEach, expect, test, vi } from "vitest";
import { Steps } from "../../scripts/start/steps.ts";

afterEach(() => vi.useRealTimers());

test("a start that takes long says so every ten seconds, until the step is done", () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const steps = new Steps("preparing the database", (line) => said.push(line));

  vi.advanceTimersByTime(1_500);
  steps.done("the database is ready", "starting the Worker");
  vi.advanceTimersByTime(21_000);
  steps.done("the Worker runs");
  vi.advanceTimersByTime(60_000);

  expect(said).toEqual([
    "  the database is ready (1.5 s)",
    "  still starting the Worker (11.5 s; a busy machine takes longer)",
    "  still starting the Worker (21.5 s; a busy machine takes longer)",
    "  the Worker runs (22.5 s)",
  ]);
});
