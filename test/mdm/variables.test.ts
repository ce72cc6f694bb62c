import { describe, expect, test } from "vitest";
import { fillVariables, isVariable, type VariableFacts, variablesIn } from "../../src/mdm/variables.ts";
import type { PlistValue } from "../../src/plist/value.ts";

const facts: VariableFacts = {
  device: { id: "UDID-1", serial_number: "C02XX", name: "Ada’s Mac", imei: null },
  user: { id: "guid-1", short_name: "ada", long_name: "" },
  person: { email: "ada@example.com", name: "Ada", department: null },
  attributes: { room: "4.17", bell: "ding\u0007", "Asset Tag": "A-1", constructor: "no accident" },
};

const filled: [text: string, whole: string][] = [
  ["no variables", "no variables"],
  ["{{device.serial_number}}", "C02XX"],
  ["{{ device.name }} in {{attribute.room}}", "Ada’s Mac in 4.17"],
  ["{{user.short_name}}@example.com", "ada@example.com"],
  ["{{user.email}} {{user.name}}", "ada@example.com Ada"],
  ["{{attribute.Asset Tag}}", "A-1"],
  ["{{attribute.constructor}}", "no accident"],
  ["{{{device.id}}}", "{UDID-1}"],
  ["{{{{device.id}}", "{{device.id}}"],
  ["{{{{ and }} are themselves", "{{ and }} are themselves"],
  ["{{device.name", "{{device.name"],
  ["{{a\nb}}", "{{a\nb}}"],
];

test.each(filled)("%j is filled in as %j", (text, whole) => {
  expect(fillVariables(text, facts)).toEqual({ ok: true, value: whole });
});

const missing: [text: string, names: string[]][] = [
  ["{{device.imei}}", ["device.imei"]],
  ["{{device.meid}} {{device.imei}} {{device.meid}}", ["device.imei", "device.meid"]],
  ["{{user.long_name}}", ["user.long_name"]],
  ["{{user.department}} {{user.account}}", ["user.account", "user.department"]],
  ["{{attribute.floor}}", ["attribute.floor"]],
  ["{{attribute.bell}}", ["attribute.bell"]],
  ["{{attribute.toString}}", ["attribute.toString"]],
  ["{{device.toString}}", ["device.toString"]],
  ["{{serial}}", ["serial"]],
  ["{{}}", [""]],
];

test.each(missing)("%j lacks %j", (text, names) => {
  expect(fillVariables({ a: [text] }, facts)).toEqual({ ok: false, refusal: { missing: names } });
});

test("on the device channel there is no user", () => {
  const { user: _, ...device } = facts;

  expect(fillVariables("{{user.short_name}}", device)).toEqual({
    ok: false,
    refusal: { missing: ["user.short_name"] },
  });
});

describe("in a tree", () => {
  const data = new Uint8Array([0x7b, 0x7b]);
  const untouched: PlistValue = new Map([["kept", [1, true]]]);
  const tree: PlistValue = new Map<string, PlistValue>([
    ["{{device.id}}", "a key stays"],
    ["list", ["{{device.id}}", data, new Date(0)]],
    ["untouched", untouched],
  ]);

  test("values are filled in, keys and data are not, and what has no variable is shared", () => {
    const result = fillVariables(tree, facts);

    expect(result).toEqual({
      ok: true,
      value: new Map<string, PlistValue>([
        ["{{device.id}}", "a key stays"],
        ["list", ["UDID-1", data, new Date(0)]],
        ["untouched", untouched],
      ]),
    });
    expect(result.ok && result.value instanceof Map && result.value.get("untouched")).toBe(untouched);
    expect(fillVariables(untouched, facts)).toEqual({ ok: true, value: untouched });
  });

  test("JSON is filled in alike", () => {
    expect(fillVariables({ a: { b: "{{device.id}}" }, c: null }, facts)).toEqual({
      ok: true,
      value: { a: { b: "UDID-1" }, c: null },
    });
  });

  test("the names are listed once each, the written braces are none", () => {
    const names = variablesIn([tree, { x: "{{user.id}} {{nobody}} {{device.id}} {{{{user.name}}" }]);

    expect(names).toEqual(["device.id", "nobody", "user.id"]);
    expect(names.map(isVariable)).toEqual([true, false, true]);
  });
});
