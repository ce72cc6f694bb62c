import { describe, expect, test } from "vitest";
import { ask } from "../../support/admin.ts";

describe("what was read can be sent back", () => {
  test("a mask leaves the secret behind it as it is", async () => {
    const secret = "a-static-challenge-of-thirty-two-characters";
    const set = await ask("PATCH", "/api/v1/settings", { json: { static_challenge: secret } });
    expect(set.status, set.text).toBe(200);
    const read = await ask("GET", "/api/v1/settings");

    const back = await ask("PATCH", "/api/v1/settings", { json: { ...read.json, organization: "Example" } });

    expect(back.status, back.text).toBe(200);
    expect(back.json).toMatchObject({ static_challenge: "********", organization: "Example" });
    const cleared = await ask("PATCH", "/api/v1/settings", { json: { static_challenge: null } });
    expect(cleared.json.static_challenge).toBeNull();
    const masked = await ask("PATCH", "/api/v1/settings", { json: { static_challenge: "********" } });
    expect(masked.json.static_challenge).toBeNull();
  });
});

describe("an array in the place of an object", () => {
  test.each([
    ["PATCH", "/api/v1/devices/NOBODY", { attributes: ["x"] }, "/attributes"],
    ["PATCH", "/api/v1/devices/NOBODY", [], ""],
    ["PUT", "/api/v1/sets/s", { filter: ["ios"] }, "/filter"],
    ["POST", "/api/v1/devices/NOBODY/commands", { request_type: "DeviceLock", payload: [1] }, "/payload"],
  ])("%s %s %j is refused at its place", async (method, path, json, pointer) => {
    const { status, json: answer, text } = await ask(method, path, { json });

    expect(status, text).toBe(400);
    expect(answer.errors).toContainEqual({
      pointer,
      code: "object",
      detail: "must be an object, not an array",
    });
  });
});
