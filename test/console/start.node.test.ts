import { describe, expect, test } from "vitest";
import { digestOf } from "../../console/src/pages/start/digest.ts";
import { placesOf } from "../../console/src/pages/start/problem-place.ts";
import { match } from "../../console/src/shell/match.ts";

// What the page Start makes of the events of a day, and how addresses find their page.

let last = 0;
const event = (name: string, device_id: string | null, detail: Record<string, string> = {}, minute = 0) => ({
  id: ++last,
  device_id,
  channel: null,
  name,
  detail,
  at: `2026-11-28T10:${String(minute).padStart(2, "0")}:00.000Z`,
});

const finished = (device: string, state: string, request_type: string, minute = 0) =>
  event("command.finished", device, { state, request_type }, minute);

describe("the events of a day", () => {
  test("of one kind are one line, with how often and on which devices, the latest first", () => {
    const [line, ...others] = digestOf([
      event("device.enrolled", "C", {}, 9),
      event("device.enrolled", "A", {}, 8),
      event("device.enrolled", "C", {}, 7),
    ]);

    expect(others).toEqual([]);
    expect(line).toMatchObject({ count: 3, devices: ["C", "A"], tone: "good", routine: false });
    expect(line?.at).toBe("2026-11-28T10:09:00.000Z");
  });

  test("a command that failed is no routine: it has a line of its own for each type, before the others", () => {
    const lines = digestOf([
      event("device.enrolled", "A", {}, 9),
      finished("A", "acknowledged", "DeviceLock", 8),
      finished("B", "error", "InstallProfile", 7),
      finished("C", "error", "InstallProfile", 6),
      finished("C", "error", "EraseDevice", 5),
    ]);

    expect(lines.map(({ about, tone, routine, count }) => [about, tone, routine, count])).toEqual([
      ["InstallProfile", "bad", false, 2],
      ["EraseDevice", "bad", false, 1],
      ["", "good", false, 1],
      ["", "quiet", true, 1],
    ]);
  });

  test("an event of the server concerns no device", () => {
    expect(digestOf([event("problem.opened", null)])).toMatchObject([{ devices: [], tone: "bad" }]);
  });

  test("none make no line", () => {
    expect(digestOf([])).toEqual([]);
  });
});

describe("a problem leads to where it is mended", () => {
  const placed = (code: string, subject = "", facts = {}) =>
    placesOf({ code, subject, facts }).map(({ to }) => to);

  test("what failed somewhere leads to these very devices, and to what failed", () => {
    expect(placed("profile-failed", "office.wifi")).toEqual([
      "/devices?state=enrolled&failed=profile%3Aoffice.wifi",
      "/profiles/office.wifi",
    ]);
    expect(placed("app-given-up", "notes")).toEqual(["/devices?state=enrolled&failed=app%3Anotes"]);
  });

  test("silent devices are listed by the days of the problem; a stuck queue is that of its first device", () => {
    expect(placed("devices-silent", "", { days: 14 })).toEqual(["/devices?state=enrolled&seen=-14d"]);
    expect(placed("queues-stuck", "", { device: "A/B" })).toEqual(["/devices/A%2FB/commands"]);
  });

  test("whatever has no page of its own leads to the system", () => {
    expect(placed("platform-limit")).toEqual(["/system"]);
  });
});

describe("an address", () => {
  test.each([
    ["/devices/:id", "/devices/A%2FB", { id: "A/B" }],
    ["/devices/:id/:tab?", "/devices/7", { id: "7" }],
    ["/devices/:id/:tab?", "/devices/7/apps", { id: "7", tab: "apps" }],
    ["/", "/", {}],
    ["/devices/:id", "/devices", undefined],
    ["/devices/:id", "/devices/7/apps", undefined],
    ["/devices/:id", "/people/7", undefined],
    ["/devices/:id", "/devices/%E0%A4%A", undefined],
  ])("%s against %s", (pattern, path, found) => {
    expect(match(pattern, path)).toEqual(found);
  });
});
