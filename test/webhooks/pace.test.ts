import { expect, test } from "vitest";
import { deliverLanes, type Parcel } from "../../src/webhooks/lanes.ts";
import { afterTurn, healthy, isTooLong, messageGapMs } from "../../src/webhooks/pace.ts";

const day = 24 * 60 * 60_000;
const silent = { isAlive: false, hasFailed: true, askedMs: 0 };

test("a message is tried for three days at growing intervals, and then no more", () => {
  const known: number[] = [];
  for (let gap = messageGapMs(1, 0); gap !== undefined; gap = messageGapMs(known.length + 1, 0)) {
    known.push(gap);
  }

  expect(known.length).toBeLessThan(20);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  const total = known.reduce((sum, gap) => sum + gap, 0);
  expect(total / day).toBeGreaterThan(3);
  expect(total / day).toBeLessThan(4);
});

test("a silent receiver is asked at growing intervals, at least once an hour, and the start of its silence is recorded", () => {
  let health = healthy;
  for (let turn = 0; turn < 30; turn++) health = afterTurn(health, silent, 0, turn * 1_000);

  expect(health).toMatchObject({ failures: 30, failingSince: 0 });
  expect(health.retryAt).toBe(29_000 + 60 * 60_000);
  expect([isTooLong(health, 5 * day - 1), isTooLong(health, 5 * day)]).toEqual([false, true]);
  expect(afterTurn(health, { ...silent, isAlive: true }, 0, day)).toEqual(healthy);
});

test("a turn without a message says nothing of the receiver", () => {
  const failing = afterTurn(healthy, silent, 0, 0);

  expect(afterTurn(failing, { isAlive: false, hasFailed: false, askedMs: 0 }, 0, day)).toBe(failing);
});

test("a receiver may ask for a day of rest, and not for more", () => {
  expect(afterTurn(healthy, { ...silent, askedMs: 30 * day }, 0, 0).retryAt).toBe(day);
});

const parcels = (devices: string): Parcel[] =>
  [...devices].map((deviceId, id) => ({
    event: { id, deviceId, seq: id, name: "x", userId: null, detail: {}, at: 0 },
    attempts: 0,
    isStored: false,
  }));
const answer = (fault: string | null) => ({ status: fault === null ? 200 : 422, fault, askedMs: 0, ms: 1 });

test("a failure ends its lane for the turn, and leaves the others alone", async () => {
  const { tried, untried } = await deliverLanes(
    parcels("ABABAB"),
    async ({ id }) => answer(id === 2 ? "no" : null),
    () => 0,
  );

  expect(tried.map(({ event }) => event.id).toSorted()).toEqual([0, 1, 2, 3, 5]);
  expect(untried.map(({ event }) => event.id)).toEqual([4]);
});

test("a turn that takes long begins nothing more", async () => {
  let clock = 0;
  const { tried, untried } = await deliverLanes(
    parcels("AAAAA"),
    async () => {
      clock += 25_000;
      return answer(null);
    },
    () => clock,
  );

  expect([tried.length, untried.length]).toEqual([3, 2]);
});
