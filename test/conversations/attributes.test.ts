import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { ask, tokenFor } from "../support/admin.ts";
import { libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice } from "../support/fleet.ts";

// Facts of one's own: attributes that are defined, their values on devices, and what follows them.

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM attribute_definitions"),
    env.DB.prepare("DELETE FROM sets"),
  ]);
});

const define = async (name: string, json: Record<string, unknown>) => {
  const answer = await ask("PUT", `/api/v1/attributes/${encodeURIComponent(name)}`, { json });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
};

const give = ({ id }: { id: string }, attributes: Record<string, unknown>) =>
  ask("PATCH", `/api/v1/devices/${id}`, { json: { attributes } });

const listed = async (query: string): Promise<string[]> => {
  const answer = await ask("GET", `/api/v1/devices?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.items.map(({ id }: { id: string }) => id);
};

const definitions = {
  shelf: { type: "number", minimum: 1, maximum: 40 },
  bought: { type: "date", earliest: "2020-01-01" },
  color: { type: "choice", choices: ["silver", "black"] },
  lent: { type: "yes-no" },
  label: { type: "text", maximum: 5 },
};

describe("a defined attribute", () => {
  test.each([
    ["shelf", 12, "12"],
    ["shelf", "12.50", "12.5"],
    ["bought", "2024-02-29", "2024-02-29"],
    ["color", "black", "black"],
    ["lent", true, "yes"],
    ["lent", "No", "no"],
    ["label", "A-1", "A-1"],
  ])("%s may be %s, and is kept as %s", async (name, value, kept) => {
    for (const [one, definition] of Object.entries(definitions)) await define(one, definition);
    const phone = await enrolledDevice("iphone");
    await settle(phone);

    const answer = await give(phone, { [name]: value });

    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.attributes).toEqual({ [name]: kept });
  });

  test.each([
    ["shelf", "41", "must be 40 or less"],
    ["shelf", "top", "must be a number such as 12 or -3.5, with up to 6 decimals"],
    ["shelf", "1e1", "must be a number such as 12 or -3.5, with up to 6 decimals"],
    ["bought", "2023-02-29", "must be a date such as 2026-01-31"],
    ["bought", "2019-12-31", "must be 2020-01-01 or later"],
    ["color", "pink", "must be one of silver, black"],
    ["lent", "perhaps", "must be yes or no"],
    ["label", "A-1234", "must have 5 characters at most"],
    ["anything", 5, "must be a text"],
  ])("%s may not be %s", async (name, value, detail) => {
    for (const [one, definition] of Object.entries(definitions)) await define(one, definition);
    const phone = await enrolledDevice("iphone");
    await settle(phone);

    const answer = await give(phone, { [name]: value });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: `/attributes/${name}`, detail }]);
  });

  test("is listed, changed and deleted; values stay", async () => {
    await define("shelf", definitions.shelf);
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await give(phone, { shelf: 40 });

    await define("shelf", { type: "number", maximum: 9 });
    expect((await ask("GET", "/api/v1/attributes")).json.items).toMatchObject([
      { name: "shelf", type: "number", minimum: null, maximum: 9 },
    ]);
    expect((await give(phone, { shelf: 10 })).status).toBe(400);
    expect((await ask("DELETE", "/api/v1/attributes/shelf")).status).toBe(204);
    expect((await ask("DELETE", "/api/v1/attributes/shelf")).status).toBe(404);
    expect((await ask("GET", `/api/v1/devices/${phone.id}`)).json.attributes).toEqual({ shelf: "40" });
    expect((await give(phone, { shelf: "anywhere" })).status).toBe(200);
  });

  test.each([
    [{ type: "number", minimum: 2, maximum: 1 }],
    [{ type: "date", earliest: "2026-02-30" }],
    [{ type: "choice", choices: [] }],
    [{ type: "choice", choices: ["a", "a"] }],
    [{ type: "text", maximum: 5_000 }],
    [{ type: "color" }],
  ])("is not defined by %o", async (json) => {
    expect((await ask("PUT", "/api/v1/attributes/odd", { json })).status).toBe(400);
  });

  test("is defined by operators, and read by viewers", async () => {
    const token = await tokenFor("helpdesk");
    expect((await ask("PUT", "/api/v1/attributes/x", { token, json: { type: "yes-no" } })).status).toBe(403);
    expect((await ask("GET", "/api/v1/attributes", { token: await tokenFor("viewer") })).status).toBe(200);
  });
});

describe("devices", () => {
  test("are found by ranges of numbers and of days, which are two things", async () => {
    const values = ["-5", "9", "10", "100", "2026-01-31", "2026-02-01", "9 to 5", "2026"];
    const phones = await Promise.all(values.map(() => enrolledDevice("iphone")));
    await settle(...phones);
    for (const [at, phone] of phones.entries()) await give(phone, { when: values[at] });
    const found = async (query: string) =>
      (await listed(query)).map((id) => values[phones.findIndex((phone) => phone.id === id)]);

    expect(await found("attribute_min=when:9&attribute_max=when:100")).toEqual(["9", "10", "100"]);
    expect(await found("attribute_max=when:9.5")).toEqual(["-5", "9"]);
    expect(await found("attribute_min=when:2026-02-01")).toEqual(["2026-02-01"]);
    expect(await found("attribute_max=when:2026-01-31")).toEqual(["2026-01-31"]);
    expect(await found("platform=ios&attribute_min=when:11&attribute_max=when:200")).toEqual(["100"]);
    const first = (await ask("GET", "/api/v1/devices?attribute_min=when:-9&limit=2")).json;
    expect(await found(`attribute_min=when:-9&cursor=${first.next_cursor}`)).toEqual(["10", "100", "2026"]);
    expect((await ask("GET", "/api/v1/devices?attribute_min=when:soon")).status).toBe(400);
  });

  test("follow a set whose filter is a range, and are filled in with the value", async () => {
    await define("bought", definitions.bought);
    await libraryProfile("com.example.old", { ssid: "since {{attribute.bought}}" });
    await putSet("old", { profiles: ["com.example.old"], filter: { attribute_max: "bought:2022-12-31" } });
    const phone = await enrolledDevice("iphone");
    await settle(phone);

    await give(phone, { bought: "2021-05-01" });
    await settle(phone);
    await phone.converse();
    await settle(phone);
    expect(phone.profiles.get("com.example.old")?.payloads[0]?.get("SSID_STR")).toBe("since 2021-05-01");

    await give(phone, { bought: "2023-05-01" });
    await settle(phone);
    await phone.converse();
    expect(phone.profiles.has("com.example.old")).toBe(false);
  });
});
