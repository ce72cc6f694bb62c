import { describe, expect, test } from "vitest";
import { ask, tokenFor } from "../../support/admin.ts";

const catalog = (path: string) => ask("GET", `/api/v1/catalog/${path}`);

test("a viewer may read it, nobody without a token", async () => {
  const viewer = await ask("GET", "/api/v1/catalog/commands", { token: await tokenFor("viewer") });
  const nobody = await ask("GET", "/api/v1/catalog/commands", { token: null });

  expect([viewer.status, nobody.status]).toEqual([200, 401]);
});

test.each([
  ["commands", "request_type", 68],
  ["profiles", "payload_type", 120],
  ["declarations", "type", 54],
  ["status-items", "name", 62],
])("walking all pages of %s meets each once", async (path, id, count) => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { json } = await catalog(`${path}?limit=25${cursor && `&cursor=${cursor}`}`);
    seen.push(...json.items.map((item: Record<string, string>) => item[id]));
    cursor = json.next_cursor;
  }

  expect(seen.length).toBe(count);
  expect(seen).toEqual([...new Set(seen)].sort());
});

test("a list keeps what a platform and a version have", async () => {
  const names = async (filter: string) =>
    (await catalog(`commands?limit=200&${filter}`)).json.items.map(
      (item: { request_type: string }) => item.request_type,
    );

  expect(await names("platform=tvos")).not.toContain("SetRecoveryLock");
  expect(await names("platform=macos&os=11.4")).not.toContain("SetRecoveryLock");
  expect(await names("platform=macos&os=11.5")).toContain("SetRecoveryLock");
  expect(await names("platform=ipados")).toEqual(await names("platform=ios"));
});

test("a filter that means nothing is refused by name", async () => {
  const { status, json } = await catalog("commands?platform=android&os=latest");

  expect(status).toBe(400);
  expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["/platform", "/os"]);
});

describe("one entry", () => {
  test("a command tells its keys, its answer, and where all that works", async () => {
    const { json } = await catalog("commands/EraseDevice");
    const keys = json.keys.map(({ name }: { name: string }) => name);

    expect(json).toMatchObject({
      request_type: "EraseDevice",
      platforms: { macos: { introduced: "10.7", accessrights: "AllowDeviceErase" } },
    });
    expect(keys).toContain("ObliterationBehavior");
    expect(json.keys[0]).toEqual({
      name: "PreserveDataPlan",
      type: "boolean",
      default: false,
      platforms: { ios: { introduced: "11.0" }, macos: null, tvos: null, visionos: null },
    });
  });

  test("a declaration tells how it combines, and a status item its values", async () => {
    expect((await catalog("declarations/com.apple.configuration.passcode.settings")).json).toMatchObject({
      type: "com.apple.configuration.passcode.settings",
      apply: "combined",
    });
    expect((await catalog("status-items/device.power.battery-health")).json.keys[0].rangelist).toContain(
      "normal",
    );
  });

  test("a structure that holds itself ends with the place where it is spelt out", async () => {
    const { json, text } = await catalog("profiles/com.apple.homescreenlayout");

    expect(json.keys[0].name).toBe("Dock");
    expect(text).toContain('"same_as":"/keys/0/items"');
  });

  test("an unknown name answers 404 with the name that was probably meant", async () => {
    const { status, json } = await catalog("commands/eraseDevise");

    expect(status).toBe(404);
    expect(json.detail).toBe("the catalogue has no command eraseDevise; did you mean EraseDevice?");
  });
});

describe("as JSON Schema", () => {
  test("a command's schema is for its payload", async () => {
    const { json, headers } = await catalog("commands/InstallProfile?format=json-schema");

    expect(headers.get("Content-Type")).toBe("application/schema+json");
    expect(json).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "InstallProfile",
      properties: { Payload: { type: "string", contentEncoding: "base64" } },
      required: ["Payload"],
    });
  });

  test("a profile payload's schema has the keys that all payloads share", async () => {
    const { json } = await catalog("profiles/com.apple.wifi.managed?format=json-schema");

    expect(json.properties).toHaveProperty("PayloadUUID");
    expect(json.required).toContain("PayloadIdentifier");
  });

  test("a status item's schema is that of its value", async () => {
    const { json } = await catalog("status-items/mdm.app?format=json-schema");

    expect(json).toMatchObject({ type: "array", items: { type: "object", required: ["identifier"] } });
  });

  test("another format is refused", async () => {
    expect((await catalog("commands/DeviceLock?format=yaml")).status).toBe(400);
  });
});
