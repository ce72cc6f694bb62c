import { describe, expect, test } from "vitest";
import { hostNameOf, nameFrom, templateTroubles, whyNotNamed } from "../../src/assignment/device-name.ts";
import type { Context } from "../../src/catalog/context.ts";

const facts = {
  device: { serial_number: "C02", model: "MacBook" },
  person: { name: "Ada\nLovelace", email: null },
  attributes: { room: "4.17", long: "x".repeat(500) },
};

describe("the name from a device's sets", () => {
  test.each([
    ["{{device.model}}-{{device.serial_number}}", "MacBook-C02"],
    ["{{user.name}} ({{attribute.room}})", "Ada Lovelace (4.17)"],
    ["{{attribute.long}}", "x".repeat(128)],
    ["{{{{literal}}", "{{literal}}"],
  ])("%s is %s", (template, name) => {
    expect(nameFrom([{ name: "macs", template }], facts)).toEqual({ set: "macs", others: [], name });
  });

  test("is that of the first, and says which others there are", () => {
    const sets = ["a", "b", "c"].map((name) => ({ name, template: `${name}!` }));

    expect(nameFrom(sets, facts)).toEqual({ set: "a", others: ["b", "c"], name: "a!" });
    expect(nameFrom([], facts)).toBeUndefined();
  });

  test("is missing what has no value", () => {
    expect(nameFrom([{ name: "a", template: "{{user.email}} {{user.department}}" }], facts)).toEqual({
      set: "a",
      others: [],
      missing: ["user.department", "user.email"],
    });
  });

  test("is not cut in the middle of a character", () => {
    const named = nameFrom([{ name: "a", template: "🦊".repeat(200) }], facts);

    expect(named).toMatchObject({ name: "🦊".repeat(128) });
  });
});

test.each([
  ["Ada's MacBook Pro", "Ada-s-MacBook-Pro"],
  ["Zoë Müller", "Zoe-Muller"],
  ["--a--", "a"],
  ["日本", undefined],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
])("the host name of %s is %s", (name, host) => {
  expect(hostNameOf(name)).toBe(host);
});

describe("a server names", () => {
  const context = (change: Context): Context => ({ channel: "device", accessRights: 8191, ...change });

  test.each<[string, Context]>([
    ["a supervised iPad", { platform: "ipados", supervised: true, enrollmentKind: "ade" }],
    ["a Mac", { platform: "macos", osVersion: "15.0", enrollmentKind: "device" }],
    ["an Apple TV", { platform: "tvos", enrollmentKind: "device" }],
  ])("%s", async (_, device) => {
    expect(await whyNotNamed(context(device))).toBeUndefined();
  });

  test.each<[string, Context, object]>([
    ["no unsupervised iPhone", { platform: "ios", supervised: false }, { waits: false }],
    ["no iPhone that has not said yet", { platform: "ios" }, { waits: true }],
    ["no watch", { platform: "watchos" }, { waits: false }],
    ["no user's own Mac", { platform: "macos", enrollmentKind: "user" }, { waits: false }],
    ["nothing without the right", { platform: "macos", accessRights: 1 }, { waits: false }],
    ["nothing of an unknown platform", {}, { waits: true }],
  ])("%s", async (_, device, expected) => {
    expect(await whyNotNamed(context(device))).toMatchObject(expected);
  });
});

test("a template without troubles has none", () => {
  expect(templateTroubles("{{user.name}} {{attribute.any}} {{device.id}}")).toEqual([]);
});
