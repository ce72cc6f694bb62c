import { describe, expect, test } from "vitest";
import type { Context } from "../../src/catalog/context.ts";
import { questionsFor } from "../../src/inventory/questions.ts";
import { planRound } from "../../src/inventory/schedule.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 21, 9, 48);

const every = (intervalHours: number, listsEvery = 1) => ({ intervalHours, listsEvery });

/** All moments within a span at which a device is asked, when it looks whenever it planned to. */
function roundsOf(deviceId: string, intervalHours: number, from: number, spanMs: number): number[] {
  const asked = [from];
  let at = planRound(deviceId, every(intervalHours), from, from).nextAt;
  while (at < from + spanMs) {
    const plan = planRound(deviceId, every(intervalHours), asked.at(-1) ?? null, at);
    if (plan.asks) asked.push(at);
    expect(plan.nextAt).toBeGreaterThan(at);
    at = plan.nextAt;
  }
  return asked.slice(1);
}

describe("when devices are asked", () => {
  test("a fleet is spread over the whole day, whatever its ids look like", () => {
    const ids = Array.from({ length: 24_000 }, (_, n) => `00008110-${String(n).padStart(16, "0")}`);
    const perHour = new Array<number>(24).fill(0);

    for (const id of ids) {
      const hourOfDay = Math.floor((planRound(id, every(24), now, now).nextAt % day) / hour);
      perHour[hourOfDay] = (perHour[hourOfDay] ?? 0) + 1;
    }

    expect(Math.min(...perHour)).toBeGreaterThan(850);
    expect(Math.max(...perHour)).toBeLessThan(1_150);
  });

  test.each([1, 6, 24, 168, 720])(
    "every %i hours, a device is asked about so often, and not twice",
    (hours) => {
      const rounds = roundsOf("A0B1", hours, now, 20 * hours * hour);
      const gaps = rounds.slice(1).map((at, index) => (at - (rounds[index] ?? 0)) / hour);

      expect(rounds.length).toBeGreaterThanOrEqual(19);
      expect(gaps.every((gap) => Math.abs(gap - hours) < 0.01)).toBe(true);
    },
  );

  test("who just enrolled is not asked again a moment later, and within one and a half intervals", () => {
    for (let n = 0; n < 200; n++) {
      const [first = 0] = roundsOf(`device ${n}`, 24, now, 3 * day);

      expect(first - now).toBeGreaterThanOrEqual(12 * hour);
      expect(first - now).toBeLessThanOrEqual(36 * hour);
    }
  });

  test("who slept through its slots is asked once when it wakes", () => {
    const late = planRound("A0B1", every(24), now, now + 10 * day);

    expect(late.asks).toBe(true);
    expect(planRound("A0B1", every(24), now + 10 * day, late.nextAt - hour).asks).toBe(false);
  });

  test("lists are asked for in every so many-th round, and every day of as many devices", () => {
    const ids = Array.from({ length: 7_000 }, (_, n) => `00008110-${String(n).padStart(16, "0")}`);
    const perDay = Array.from({ length: 14 }, (_, at) => at).map((at) =>
      ids.map((id) => planRound(id, every(24, 7), now, now + at * day).asksLists),
    );

    const counts = perDay.map((asked) => asked.filter(Boolean).length);
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
    for (const [at] of ids.entries()) expect(perDay.filter((asked) => asked[at])).toHaveLength(2);
    expect(planRound("A0B1", every(24), now, now).asksLists).toBe(true);
  });

  test("an interval of 0 asks nobody, and another interval is noticed within a day", () => {
    expect(planRound("A0B1", every(0), null, now)).toMatchObject({ asks: false, nextAt: now + day });
    expect(planRound("A0B1", every(720), now, now).nextAt).toBeLessThanOrEqual(now + day);
  });
});

describe("what devices are asked", () => {
  const typesFor = async (context: Context) =>
    (await questionsFor(context)).map(({ requestType }) => requestType);

  test.each([
    [
      "an iPhone",
      { platform: "ios", osVersion: "18.2", enrollmentKind: "device", supervised: false },
      [
        "DeviceInformation",
        "SecurityInfo",
        "InstalledApplicationList",
        "ManagedApplicationList",
        "ProfileList",
        "CertificateList",
        "ProvisioningProfileList",
      ],
    ],
    [
      "a supervised iPad",
      { platform: "ipados", osVersion: "18.2", enrollmentKind: "ade", supervised: true },
      [
        "DeviceInformation",
        "SecurityInfo",
        "InstalledApplicationList",
        "ManagedApplicationList",
        "ProfileList",
        "CertificateList",
        "ProvisioningProfileList",
        "AvailableOSUpdates",
      ],
    ],
    [
      "a Mac",
      { platform: "macos", osVersion: "15.2", enrollmentKind: "ade", supervised: true },
      [
        "DeviceInformation",
        "SecurityInfo",
        "InstalledApplicationList",
        "ManagedApplicationList",
        "ProfileList",
        "CertificateList",
        "UserList",
        "AvailableOSUpdates",
      ],
    ],
    [
      "a Mac of its user",
      { platform: "macos", osVersion: "15.2", enrollmentKind: "user" },
      ["DeviceInformation", "SecurityInfo", "ManagedApplicationList", "ProfileList", "CertificateList"],
    ],
    [
      "a watch",
      { platform: "watchos", osVersion: "11.2", enrollmentKind: "device" },
      [
        "DeviceInformation",
        "SecurityInfo",
        "InstalledApplicationList",
        "ManagedApplicationList",
        "ProfileList",
        "CertificateList",
        "ProvisioningProfileList",
      ],
    ],
    ["a device that nothing is known of", {}, ["DeviceInformation", "SecurityInfo"]],
  ] as [string, Context, string[]][])("%s", async (_, context, types) => {
    expect(await typesFor({ channel: "device", ...context })).toEqual(types);
  });

  test("a system that has given up a command is not asked by it", async () => {
    const mac: Context = { platform: "macos", channel: "device", supervised: true, enrollmentKind: "ade" };

    expect(await typesFor({ ...mac, osVersion: "27.0" })).not.toContain("AvailableOSUpdates");
  });

  test("what the enrollment's rights forbid is not asked", async () => {
    const context: Context = { platform: "ios", osVersion: "18.2", channel: "device", accessRights: 16 };

    expect(await typesFor(context)).toEqual(["DeviceInformation"]);
  });

  test("a user channel is asked what belongs to it", async () => {
    const context: Context = { platform: "macos", osVersion: "15.2", channel: "user", supervised: true };

    expect(await typesFor(context)).toEqual([
      "DeviceInformation",
      "SecurityInfo",
      "InstalledApplicationList",
      "ManagedApplicationList",
      "ProfileList",
      "CertificateList",
    ]);
  });
});
