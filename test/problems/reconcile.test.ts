import { expect, test } from "vitest";
import { day } from "../../src/base/time.ts";
import type { ProblemRow } from "../../src/db/problems.ts";
import { calendarOf } from "../../src/problems/calendar.ts";
import { quickDetectors } from "../../src/problems/check.ts";
import { codes, type ProblemCode } from "../../src/problems/codes.ts";
import { endingOf } from "../../src/problems/ending.ts";
import { counters } from "../../src/problems/fleet.ts";
import { finding } from "../../src/problems/problem.ts";
import { reconcile } from "../../src/problems/reconcile.ts";
import { inEnglish } from "../../src/problems/words/speak.ts";

const now = Date.UTC(2027, 5, 1);
const names = ({ events }: ReturnType<typeof reconcile>) => events.map(({ name }) => name);
const certificate = (stage: number, endsAt = now + 20 * day) =>
  finding("push-certificate-ends", stage <= 7 ? "urgent" : "soon", {
    subject: "t",
    stage,
    endsAt,
    facts: { topic: "t", account: null, ends_on: "2027-06-21", days_left: 20 },
  });
const opened = (): ProblemRow[] => reconcile([], [certificate(30)], now).put;

test("what is new is opened, what is found again says nothing, what is gone is closed", () => {
  const open = opened();

  expect(names(reconcile([], [certificate(30)], now))).toEqual(["problem.opened"]);
  expect(reconcile(open, [certificate(30)], now + day)).toEqual({ put: [], drop: [], events: [] });
  const gone = reconcile(open, [], now + day);
  expect([names(gone), gone.drop.map(({ key }) => key)]).toEqual([
    ["problem.closed"],
    ["push-certificate-ends:t"],
  ]);
});

test("each step nearer the end is a reminder, and the problem is as old as it was", () => {
  const next = reconcile(opened(), [certificate(14)], now + 6 * day);

  expect(names(next)).toEqual(["problem.reminded"]);
  expect(next.put[0]).toMatchObject({ openedAt: now, toldAt: now + 6 * day, stage: 14 });
});

test("an end that moved away is kept, and is no reminder", () => {
  const later = reconcile(opened(), [certificate(60, now + 50 * day)], now + day);

  expect([names(later), later.put[0]?.endsAt]).toEqual([[], now + 50 * day]);
});

test("what has no steps is repeated after a month, and at once when it becomes urgent", () => {
  const silent = (urgency: "soon" | "urgent", count: number) =>
    finding("queues-stuck", urgency, {
      devices: count,
      facts: { count, days: 7, device: "A", request_type: "X" },
    });
  const open = reconcile([], [silent("soon", 1)], now).put;

  expect(names(reconcile(open, [silent("soon", 2)], now + 29 * day))).toEqual([]);
  expect(names(reconcile(open, [silent("soon", 2)], now + 30 * day))).toEqual(["problem.reminded"]);
  expect(names(reconcile(open, [silent("urgent", 2)], now + day))).toEqual(["problem.reminded"]);
});

test("an end is told in its steps, and after it", () => {
  const steps = [60, 30, 14, 7, 3, 1];
  const stages = [61, 60, 31, 30, 8, 7, 3, 1, 0.5, 0, -5].map(
    (days) => endingOf(now + days * day, steps, now)?.stage,
  );

  expect(stages).toEqual([undefined, 60, 60, 30, 14, 7, 3, 1, 1, 0, 0]);
});

test("every code has a detector that finds it, and no two find the same", () => {
  const found: ProblemCode[] = [
    ...quickDetectors.flatMap((detector) => detector.codes),
    ...counters.map(({ code }) => code),
    ...([
      "queues-stuck",
      "profile-failed",
      "declaration-failed",
      "app-given-up",
      "app-bundle-id-differs",
      "updates-overdue",
    ] as const),
  ];

  expect(found.toSorted()).toEqual(Object.keys(codes).toSorted());
});

test("the calendar has an entry a day that something ends, in lines that every reader takes", () => {
  const text = calendarOf(
    [...opened(), ...reconcile([], [finding("authority-missing", "urgent")], now).put],
    "mdm.example.com",
    now,
    { language: "en", speaker: inEnglish },
  );

  const lines = text.split("\r\n");
  expect(lines.at(-1)).toBe("");
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  const unfolded = text.replaceAll("\r\n ", "");
  expect(unfolded.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  expect(unfolded).toContain("DTSTART;VALUE=DATE:20270621\r\n");
  expect(unfolded).toContain("SUMMARY:The push certificate of t ends on 2027-06-21\r\n");
  expect(unfolded).toContain("with Renew and not with Create\\, and upload");
});
