import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../../../src/http/api/app.ts";
import { changedSince, entityTag, tagsIn } from "../../../src/http/api/route/entity-tag.ts";
import { bodies } from "../../../src/http/api/route/examples/bodies.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { titleOf } from "../../../src/http/api/route/schemas.ts";
import { thingsOf } from "../../../src/http/api/route/things.ts";
import { ask, tokenFor } from "../../support/admin.ts";

// If-Match and If-None-Match: whoever writes what was changed meanwhile is told, and nothing is lost.

// A deleted set's name is free again only a moment later.
let set = "";
let tests = 0;
const save = (json: object, headers: Record<string, string> = {}) => ask("PUT", set, { json, headers });

beforeEach(() => {
  set = `/api/v1/sets/office-${++tests}`;
});

describe("a set that two people edit", () => {
  test("the second of two edits is refused, and told which field the first one changed", async () => {
    await save({ description: "first" });
    const read = await ask("GET", set);
    const tag = read.headers.get("ETag") ?? "";

    const mine = await save({ description: "mine" }, { "If-Match": tag });
    const yours = await save({ description: "yours" }, { "If-Match": tag });

    expect(mine.status, mine.text).toBe(200);
    expect(yours.status).toBe(412);
    expect(yours.json).toMatchObject({
      type: "/api/docs#problem-precondition-failed",
      detail: "somebody changed description since you read it; read it again, then decide",
      errors: [{ pointer: "/description", code: "changed" }],
    });
    expect(yours.headers.get("ETag")).toBe(mine.headers.get("ETag"));
    expect((await ask("GET", set)).json.description).toBe("mine");
  });

  test("the tag is of what people set: nothing else makes another one", async () => {
    await save({ description: "first" });
    const before = (await ask("GET", set)).headers.get("ETag");

    await save({ description: "second" });
    await save({ description: "first" });

    expect((await ask("GET", set)).headers.get("ETag")).toBe(before);
  });

  test("a deletion may expect what was read, too", async () => {
    await save({ description: "first" });
    const tag = (await ask("GET", set)).headers.get("ETag") ?? "";
    await save({ description: "second" });

    const refused = await ask("DELETE", set, { headers: { "If-Match": tag } });
    const now = (await ask("GET", set)).headers.get("ETag") ?? "";
    const done = await ask("DELETE", set, { headers: { "If-Match": now } });
    const again = await ask("DELETE", set, { headers: { "If-Match": now } });

    expect([refused.status, done.status, again.status]).toEqual([412, 204, 412]);
  });

  test("If-None-Match: * creates, and does not replace", async () => {
    const first = await save({ description: "first" }, { "If-None-Match": "*" });
    const second = await save({ description: "second" }, { "If-None-Match": "*" });

    expect([first.status, second.status]).toEqual([201, 412]);
    expect((await ask("GET", set)).json.description).toBe("first");
  });

  test("of many that write at once with one tag, one is done", async () => {
    await save({ description: "first" });
    const tag = (await ask("GET", set)).headers.get("ETag") ?? "";

    const all = await Promise.all(
      Array.from({ length: 6 }, (_, at) => save({ description: `of ${at}` }, { "If-Match": tag })),
    );

    expect(all.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });

  test.each([
    ["If-Match", "no-quotes"],
    ["If-None-Match", '"a-tag"'],
  ])("%s: %s is refused, not ignored", async (name, value) => {
    const { status, json } = await save({}, { [name]: value });

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ pointer: `/${name}`, in: "header" });
  });

  test("a stranger is told nothing, and a viewer may not write by it", async () => {
    await save({ description: "first" });
    const conditions = { headers: { "If-None-Match": "*" }, json: {} };

    const stranger = await ask("PUT", set, { ...conditions, token: null });
    const viewer = await ask("PUT", set, { ...conditions, headers: {}, token: await tokenFor("viewer") });

    expect([stranger.status, viewer.status]).toEqual([401, 403]);
  });
});

describe("every route that writes a thing", () => {
  const operations = operationsOf(api);
  const things = thingsOf(operations);
  const puts = operations.filter(({ method }) => method === "PUT");
  const deletions = operations.filter(({ method }) => method === "DELETE");
  const nothingToRead = deletions.filter(({ pattern }) => !things.written.has(`DELETE ${pattern}`));

  test.each(puts)("PUT $pattern takes both conditions", async ({ pattern }) => {
    expect(
      things.written.get(`PUT ${pattern}`),
      "it must be readable at its own address, or as a part",
    ).toBeDefined();
  });

  test("of what cannot be read by itself, a condition is refused", () => {
    expect(nothingToRead.map(({ path }) => path).sort()).toMatchInlineSnapshot(`
      [
        "/api/v1/devices/{id}/identities/{fingerprint}",
      ]
    `);
  });

  test.each(puts)("PUT $path without a thing to match is refused with 412", async ({ path }) => {
    const missing = path
      .replace("{platform}", "ios")
      .replace("{version}", "99.9")
      // Their names have no dots.
      .replace("/apps/{name}", "/apps/no-such-app")
      .replace(/\{\w+\}/g, "no-such.thing");
    const { status, json } = await ask("PUT", missing, {
      headers: { "If-Match": '"AAAAAAAAAAAAAAAAAAAAAA."' },
      json: {},
    });

    expect([status, json?.type]).toEqual([412, "/api/docs#problem-precondition-failed"]);
  });

  // Certificates and keys of examples are cut short, and Apple is not asked here.
  const withExample = puts.flatMap(({ path, part }) => {
    const body = part.body && bodies[titleOf(part.body) ?? ""];
    return body === undefined ? [] : [{ path, body }];
  });

  test("PUT of each example: the right tag is taken, a wrong one is not, and nothing is created twice", async () => {
    await ask("POST", "/api/v1/ade/accounts", { json: { name: "example-one" } });
    for (const name of ["phones", "macs"])
      await ask("PUT", `/api/v1/ade/profiles/${name}`, { json: bodies.AdeProfileKeys });
    const walked: string[] = [];
    for (const { path, body } of withExample) {
      const there = path
        .replace("{platform}", "ios")
        .replace("{version}", "18.1")
        .replace(/\{\w+\}/g, "example-one");
      const put = (headers: Record<string, string>) => ask("PUT", there, { json: body, headers });
      const made = await put({});
      if (made.status > 299) continue;
      const read = await ask("GET", there);
      const tag =
        read.headers.get("ETag") ?? (await ask("GET", there.replace(/\/[a-z]+$/, ""))).headers.get("ETag");
      const wrong = await put({ "If-Match": '"AAAAAAAAAAAAAAAAAAAAAA."' });
      const right = await put({ "If-Match": tag ?? "" });
      const again = read.status === 200 ? await put({ "If-None-Match": "*" }) : wrong;
      expect([there, wrong.status, right.status, again.status]).toEqual([there, 412, 200, 412]);
      if (made.headers.has("ETag")) expect([there, made.headers.get("ETag")]).toEqual([there, tag]);
      walked.push(path);
    }

    expect(walked).toMatchInlineSnapshot(`
      [
        "/api/v1/ade/profiles/{name}",
        "/api/v1/ade/accounts/{name}/rules",
        "/api/v1/apps/{name}",
        "/api/v1/attributes/{name}",
        "/api/v1/declarations/{identifier}",
        "/api/v1/profiles/{identifier}",
        "/api/v1/sets/{name}",
        "/api/v1/software-updates/policies/{name}",
        "/api/v1/software-updates/releases/{platform}/{version}",
      ]
    `);
  });

  test("a condition on what cannot be read is refused, not ignored", async () => {
    const { status, json } = await ask("DELETE", "/api/v1/devices/D1/identities/ab", {
      headers: { "If-Match": '"x"' },
    });

    expect([status, json?.errors?.[0]?.code]).toEqual([400, "no-tag"]);
  });
});

describe("a tag", () => {
  test("knows which fields were changed, without the old values", async () => {
    const tag = await entityTag({ name: "a", topics: ["*"], filter: { platform: "ios" } });

    expect(changedSince(tag, { name: "a", topics: ["*"], filter: { platform: "ios" } })).toEqual([]);
    expect(changedSince(tag, { name: "b", topics: [], filter: { platform: "ios" } })).toEqual([
      "name",
      "topics",
    ]);
    expect(changedSince('"of another server"', { name: "a" })).toEqual([]);
  });

  test("does not depend on the order of keys", async () => {
    expect(await entityTag({ a: 1, b: { c: 2, d: 3 } })).toBe(await entityTag({ b: { d: 3, c: 2 }, a: 1 }));
  });

  test.each([
    ["*", "*"],
    ['"a"', ['"a"']],
    [' "a" , W/"b"', ['"a"', 'W/"b"']],
    ["a", undefined],
    ['"a" "b"', undefined],
    ["", undefined],
  ])("%j is read as %j", (header, tags) => {
    expect(tagsIn(header)).toEqual(tags);
  });
});

describe("what a program makes", () => {
  const mine = { "Managed-By": "files/office" };
  const list = async () =>
    (await ask("GET", "/api/v1/managed-things?managed_by=files/office")).json.items.map(
      ({ path }: { path: string }) => path,
    );

  test("is found by its name, until it is deleted", async () => {
    await save({}, mine);
    expect(await list()).toEqual([set]);

    await ask("DELETE", set);
    expect(await list()).toEqual([]);
  });

  test("people's things are not taken over, and the program's own stay its own when people change them", async () => {
    await save({});
    await save({ description: "changed" }, mine);
    expect(await list()).toEqual([]);

    const ours = `${set}-ours`;
    await ask("PUT", ours, { json: {}, headers: mine });
    await ask("PUT", ours, { json: { description: "by hand" } });
    await save({}, mine);
    expect(await list()).toEqual([ours]);
    await ask("DELETE", ours);
  });

  test("a refused write leaves no mark", async () => {
    const { status } = await save({ profiles: ["no-such"] }, mine);

    expect(status).toBe(400);
    expect(await list()).toEqual([]);
  });

  test("what has no name of ours is found by its address", async () => {
    const made = await ask("POST", "/api/v1/webhooks", {
      json: { name: "ours", url: "https://hooks.example.com/x" },
      headers: mine,
    });
    expect(made.status, made.text).toBe(201);

    expect(await list()).toEqual([`/api/v1/webhooks/${made.json.id}`]);
  });
});
