import { expect, test } from "vitest";
import type { Demands } from "../../src/catalog/demands.ts";
import { demandsOf } from "../../src/catalog/demands.ts";
import { type KnownEnrollment, unmetDemand } from "../../src/device/queue/demands.ts";

const nothing: KnownEnrollment = { accessRights: undefined, byUser: false, sharedIpad: undefined };
const erase: Demands = { right: { bit: 8, name: "AllowDeviceErase" } };
const shared = (mode: "required" | "forbidden" | "allowed", user = true): Demands => ({
  sharedIpad: { mode, device: true, user },
});

test.each<[string, Demands, Partial<KnownEnrollment>, string, string | undefined]>([
  ["a right that is there", erase, { accessRights: 8191 }, "", undefined],
  ["a right that is missing", erase, { accessRights: 4 }, "", "forbidden-by-access-rights"],
  ["rights that are not known", erase, {}, "", undefined],
  ["rights of a user enrollment", erase, { accessRights: 4, byUser: true }, "", undefined],
  ["a Shared iPad where one is needed", shared("required"), { sharedIpad: true }, "", undefined],
  ["another device where one is needed", shared("required"), { sharedIpad: false }, "", "shared-ipad"],
  ["a device of which that is not known", shared("required"), {}, "", undefined],
  ["a Shared iPad where none may be", shared("forbidden"), { sharedIpad: true }, "", "shared-ipad"],
  ["another device where none may be", shared("forbidden"), { sharedIpad: false }, "", undefined],
  ["a user of a Shared iPad", shared("allowed", false), { sharedIpad: true }, "U", "wrong-channel"],
  ["its device channel", shared("allowed", false), { sharedIpad: true }, "", undefined],
])("%s", (_title, demands, known, userId, reason) => {
  expect(unmetDemand(demands, { ...nothing, ...known }, userId)?.reason).toBe(reason);
});

test.each([
  [
    "EraseDevice",
    "ios",
    {
      right: { bit: 8, name: "AllowDeviceErase" },
      sharedIpad: { mode: "allowed", device: true, user: false },
    },
  ],
  [
    "ClearPasscode",
    "ios",
    {
      right: { bit: 4, name: "AllowPasscodeRemovalAndLock" },
      sharedIpad: { mode: "forbidden", device: true, user: true },
    },
  ],
  ["LogOutUser", "ios", { sharedIpad: { mode: "required", device: true, user: false } }],
  ["EraseDevice", "tvos", { right: { bit: 8, name: "AllowDeviceErase" } }],
  ["EnableRemoteDesktop", "ios", undefined],
  ["NoSuchCommand", "ios", undefined],
] as const)(
  "what %s asks of an enrollment on %s is in the catalogue",
  async (requestType, platform, demands) => {
    expect(await demandsOf(requestType, platform)).toEqual(demands);
  },
);
