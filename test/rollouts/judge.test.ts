import { expect, test } from "vitest";
import { hour } from "../../src/base/time.ts";
import type { RingCounts } from "../../src/db/schema/rollouts.ts";
import { judge, noCounts, type Standing } from "../../src/rollouts/judge.ts";

const opened = 1_000_000_000_000;
const plan = {
  rings: [{ percent: 10 }],
  hours: 24,
  silentHours: 24,
  maxFailedPercent: 5,
  maxSilentPercent: 20,
};
const standing = (change: Partial<Standing> = {}): Standing => ({
  ...{ plan, ring: 0, openedAt: [opened], accepted: [] },
  ...change,
});
const ring = (change: Partial<RingCounts>): RingCounts => ({ ...noCounts, ...change });
const hundred = ring({ devices: 100, reached: 100, succeeded: 100 });
const later = ring({ devices: 900 });

test.each<[string, Partial<Standing>, RingCounts[], number, string]>([
  ["waits until its hours are over", {}, [hundred, later], 23, "wait"],
  ["opens the next ring after its hours", {}, [hundred, later], 24, "open"],
  ["opens the next ring at once if this one has no devices", {}, [noCounts, later], 0, "open"],
  [
    "waits with as many failures as are allowed",
    {},
    [ring({ devices: 100, reached: 100, failed: 5 }), later],
    1,
    "wait",
  ],
  ["halts with one more", {}, [ring({ devices: 100, reached: 100, failed: 6 }), later], 1, "halt"],
  [
    "halts with too many silent devices",
    {},
    [ring({ devices: 10, reached: 10, silent: 3 }), later],
    24,
    "halt",
  ],
  [
    "does not count devices for which it is nothing",
    {},
    [ring({ devices: 100, reached: 100, notApplicable: 90, failed: 1 }), later],
    1,
    "halt",
  ],
  [
    "does not halt for what a person has accepted",
    { accepted: [{ failed: 6, silent: 0, at: 0 }] },
    [ring({ devices: 100, reached: 100, failed: 11 }), later],
    1,
    "wait",
  ],
  [
    "halts for an earlier ring too",
    { ring: 1, openedAt: [opened, opened] },
    [ring({ devices: 1, reached: 1, failed: 1 }), ring({ devices: 9, reached: 9 })],
    1,
    "halt",
  ],
  [
    "waits its hours again after a person has resumed it",
    { accepted: [{ failed: 6, silent: 0, at: opened + 10 * hour }] },
    [hundred, later],
    33,
    "wait",
  ],
  ["is finished when every device of the last ring has it", {}, [hundred, noCounts], 0, "finish"],
  [
    "waits in the last ring for the others",
    {},
    [ring({ devices: 2, reached: 2, waiting: 2 }), noCounts],
    1,
    "wait",
  ],
  [
    "is finished after the hours of the last ring",
    {},
    [ring({ devices: 10, reached: 10, waiting: 2 }), noCounts],
    24,
    "finish",
  ],
  ["is finished if it concerns no device", {}, [noCounts, noCounts], 0, "finish"],
])("a rollout %s", (_, change, counts, hours, does) => {
  expect(judge(standing(change), counts, opened + hours * hour).does).toBe(does);
});
