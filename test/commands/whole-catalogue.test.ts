import { describe, expect, test } from "vitest";
import { checkCommand } from "../../src/catalog/check.ts";
import { commandSpec, idsOf } from "../../src/catalog/lookup.ts";
import type { Spec } from "../../src/catalog/spec.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import type { PlistDict } from "../../src/plist/value.ts";
import { ask } from "../support/admin.ts";
import { breakages, inProse, maximalPayload, minimalPayload, shapeOf } from "../support/catalog-payloads.ts";
import { alarmOf, enrolledDevice, stateOf } from "../support/fleet.ts";

let device = await enrolledDevice("mac");
const post = (request_type: string, payload: unknown) =>
  ask("POST", `/api/v1/devices/${device.id}/commands?push=false`, { json: { request_type, payload } });

const without = (payload: PlistDict, name: string): PlistDict => {
  const rest = new Map(payload);
  rest.delete(name);
  return rest;
};

const commands: [string, Spec][] = await Promise.all(
  (await idsOf("commands")).map(async (id): Promise<[string, Spec]> => [id, (await commandSpec(id)) as Spec]),
);

describe.each(commands)("%s", (requestType, spec) => {
  test.each([
    ["smallest", minimalPayload],
    ["largest", maximalPayload],
  ])(
    "its %s payload is taken, delivered as the property list it stands for, and answered",
    async (_, make) => {
      const payload = inProse(requestType, spec, make(spec));

      const given = await post(requestType, toJson(payload, shapeOf(spec)));

      expect(given.status, given.text).toBe(201);
      const [turn] = await device.converse(() => ({ status: "Acknowledged" }));
      const got = turn?.command.payload ?? new Map();
      expect(turn?.command.requestType).toBe(requestType);
      for (const [key, value] of payload) expect(got.get(key), key).toEqual(value);
      expect((await checkCommand(requestType, got)).filter(({ level }) => level === "error")).toEqual([]);
      expect(await stateOf(device, given.json.uuid)).toBe("acknowledged");
      await alarmOf(device);
      // Erased, it takes nothing more.
      if (requestType === "EraseDevice") device = await enrolledDevice("mac");
    },
  );

  test("the first thing broken in its largest payload is refused, at its place", async () => {
    const payload = inProse(requestType, spec, maximalPayload(spec));
    for (const { pointer, code, context } of breakages(spec, payload)) {
      if (code === "missing-key" || Object.keys(context).length > 0) continue;
      const answer = await post(requestType, toJson(payload, shapeOf(spec)));

      expect(answer.status, answer.text).toBe(400);
      expect(answer.json.errors).toContainEqual(
        expect.objectContaining({ pointer: `/payload${pointer}`, code }),
      );
      return;
    }
    expect(without(payload, "RequestType").size).toBe(0);
  });
});
