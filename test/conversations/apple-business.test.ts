import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { day } from "../../src/base/time.ts";
import { connected, settled, syncAgain } from "../support/ade.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { FakeApple } from "../support/fake-apple/apple.ts";
import { portalAtFetch } from "../support/fake-portal/at-fetch.ts";
import { FakePortal } from "../support/fake-portal/portal.ts";
import {
  activityOver,
  apiAccounts,
  keyOf,
  newApiName,
  portalLater,
  portalSettled,
  withApiAccount,
} from "../support/portal.ts";

/** A deployment may have twenty. */
afterEach(() => env.DB.prepare("DELETE FROM portal_accounts").run());

const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString();

/** An organisation with two servers, whose devices are at the first. */
function organisation(devices = 2) {
  const portal = portalAtFetch();
  const [from, to] = [portal.apple.addServer("old"), portal.apple.addServer("new")];
  const serials = from.addDevices(devices).map(({ serial_number }) => serial_number);
  portal.buyAll();
  return { portal, from, to, serials, toId: portal.idOf(to) };
}

const tokenRequests = (portal: FakePortal): number =>
  portal.requests.filter(({ path }) => path.startsWith("/auth/")).length;

describe("an API account", () => {
  test.each(["pkcs8", "sec1", "pkcs8-called-ec"] as const)(
    "is stored when Apple took its key, written as %s; the key is never shown",
    async (file) => {
      const portal = portalAtFetch();
      const key = await portal.issueKey(file);
      const name = newApiName();

      const made = await ask("POST", apiAccounts, { json: { name, ...keyOf(key) } });

      expect(made.status, made.text).toBe(201);
      expect(made.json).toMatchObject({ portal: "business", state: "ok", key_id: key.keyId });
      const row = await env.DB.prepare("SELECT * FROM portal_accounts WHERE name = ?").bind(name).first();
      const inside = key.privateKey.split("\n")[1] as string;
      for (const text of [made.text, JSON.stringify(row)]) expect(text).not.toContain(inside);
    },
  );

  test("of School Manager asks with its own scope", async () => {
    const portal = portalAtFetch(new FakePortal(new FakeApple(), "school"));

    const name = await withApiAccount(portal);

    expect((await ask("GET", `${apiAccounts}/${name}`)).json).toMatchObject({
      portal: "school",
      state: "ok",
    });
  });

  test("with a key that is not its own, is revoked, or unknown is refused in words, and nothing is stored", async () => {
    const portal = portalAtFetch();
    const [one, other] = [await portal.issueKey(), await portal.issueKey()];
    const revoked = await portal.issueKey();
    revoked.isRevoked = true;
    const store = (key: object) => ask("POST", apiAccounts, { json: { name: newApiName(), ...key } });

    const wrong = await store({ ...keyOf(one), private_key: other.privateKey });
    const gone = await store(keyOf(revoked));
    const unknown = await store({ ...keyOf(one), client_id: "BUSINESSAPI.nobody" });

    expect([wrong.status, wrong.json.apple.reason]).toEqual([424, "key-refused"]);
    expect([gone.status, gone.json.apple.reason]).toEqual([424, "key-revoked"]);
    expect([unknown.status, unknown.json.apple.reason]).toEqual([424, "client-refused"]);
    expect(gone.json.detail).toContain("Make a new key");
  });

  test("needs a client id of Apple's, and an EC key", async () => {
    const portal = portalAtFetch();
    const key = keyOf(await portal.issueKey());
    const store = (more: object) =>
      ask("POST", apiAccounts, { json: { name: newApiName(), ...key, ...more } });

    const answers = [
      await store({ client_id: "me" }),
      await store({ private_key: "hello" }),
      await store({ base_url: "http://elsewhere.example" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(answers.map(({ json }) => json.errors[0].pointer)).toEqual([
      "/client_id",
      "/private_key",
      "/base_url",
    ]);
    expect(tokenRequests(portal)).toBe(0);
  });

  test("asks for one token, at the path that gives one, and again only when it is refused", async () => {
    const { portal } = organisation();
    portal.knobs.missingTokenPath = "/auth/oauth2/v2/token";
    const name = await withApiAccount(portal);
    const before = tokenRequests(portal);
    for (let times = 0; times < 3; times++) await ask("GET", `${apiAccounts}/${name}/servers`);
    const used = tokenRequests(portal);
    portal.forgetTokens();

    const answer = await ask("GET", `${apiAccounts}/${name}/servers`);

    expect(used).toBe(before);
    expect(answer.status).toBe(200);
    expect(portal.count("/auth/oauth2/token")).toBe(2);
  });

  test("whose key is revoked says so once, is a problem, and works again with another key", async () => {
    const { portal } = organisation();
    const name = await withApiAccount(portal);
    for (const key of portal.keys) key.isRevoked = true;

    const asked = await ask("GET", `${apiAccounts}/${name}/servers`);
    await ask("POST", `${apiAccounts}/${name}/sync`);
    await portalSettled(name);
    await portalLater(name);

    expect([asked.status, asked.json.apple.reason]).toEqual([424, "key-revoked"]);
    expect((await ask("GET", `${apiAccounts}/${name}`)).json.state).toBe("key-revoked");
    const { json: events } = await ask("GET", "/api/v1/events?name=ade.api_trouble");
    expect(
      events.items.filter(({ detail }: { detail: { account: string } }) => detail.account === name),
    ).toHaveLength(1);

    const renewed = await ask("PUT", `${apiAccounts}/${name}/key`, { json: keyOf(await portal.issueKey()) });
    await portalSettled(name);

    expect(renewed.json).toMatchObject({ state: "ok", trouble: null });
    expect((await ask("GET", `${apiAccounts}/${name}/servers`)).status).toBe(200);
  });

  test("is deleted by name, with what was read", async () => {
    const { portal } = organisation();
    const name = await withApiAccount(portal);

    const asked = await ask("DELETE", `${apiAccounts}/${name}`);
    const gone = await ask("DELETE", `${apiAccounts}/${name}?confirm=${name}`);
    await portalSettled(name);

    expect([asked.status, gone.status]).toEqual([409, 204]);
    const left = await env.DB.prepare("SELECT count(*) AS n FROM portal_devices WHERE account = ?")
      .bind(name)
      .first("n");
    expect(left).toBe(0);
  });

  test("belongs to admins", async () => {
    const operator = await tokenFor("operator");
    const json = { name: newApiName(), client_id: "BUSINESSAPI.x", key_id: "x", private_key: "x" };

    expect((await ask("POST", apiAccounts, { token: operator, json })).status).toBe(403);
  });
});

describe("what the organisation bought", () => {
  test.each(["cursor", "link", "both"] as const)(
    "is read page by page (%s), and stands with the devices of the portal",
    async (paging) => {
      const { portal, from, serials } = organisation(7);
      portal.knobs.paging = paging;
      portal.knobs.pageSize = 3;
      portal.coverage.set(serials[0] as string, [
        { description: "AppleCare for Enterprise", status: "ACTIVE", endDateTime: "2031-01-01T00:00:00Z" },
      ]);
      const account = await connected(from);
      await withApiAccount(portal);

      const { json } = await ask("GET", `/api/v1/ade/devices?account=${account}&order_number=ORDER-old`);

      expect(json.items).toHaveLength(7);
      const [first] = (await ask("GET", `/api/v1/ade/devices/${serials[0]}`)).json.items;
      expect(first.purchase).toMatchObject({ order_number: "ORDER-old", purchase_source: "APPLE" });
      expect(first.purchase.coverage).toMatchObject([{ description: "AppleCare for Enterprise" }]);
      const other = await ask("GET", `/api/v1/ade/devices?account=${account}&order_number=ORDER-other`);
      expect(other.json.items).toEqual([]);
    },
  );

  test("a next page elsewhere is not asked, and a device that is gone goes after a whole run", async () => {
    const { portal, serials } = organisation();
    const name = await withApiAccount(portal);
    portal.answerNext("/v1/orgDevices", () =>
      Response.json({ data: [], links: { next: "https://evil.example/v1/orgDevices?cursor=1" } }),
    );
    portal.devices.delete(serials[0] as string);
    const rows = () => env.DB.prepare("SELECT serial FROM portal_devices WHERE account = ?").bind(name).all();

    await ask("POST", `${apiAccounts}/${name}/sync`);
    await portalSettled(name);
    const before = (await rows()).results.length;
    await portalLater(name);

    expect(before).toBe(2);
    expect((await rows()).results).toEqual([{ serial: serials[1] }]);
  });

  test.each([
    ["Apple is down", () => new Response("down", { status: 503 })],
    ["it answers with a page", () => new Response("<html>", { headers: { "Content-Type": "text/html" } })],
    ["it answers half a page", () => new Response('{"data":[{"id":"X')],
    [
      "it wants to be left alone",
      () => new Response("{}", { status: 429, headers: { "Retry-After": "90" } }),
    ],
  ])("%s: nothing is lost, and it goes on later", async (_title, answer) => {
    const { portal } = organisation();
    const name = await withApiAccount(portal);
    const count = portal.count("/v1/orgDevices");
    portal.answerNext("/v1/orgDevices", answer);

    await ask("POST", `${apiAccounts}/${name}/sync`);
    await portalSettled(name);
    expect(portal.count("/v1/orgDevices")).toBe(count + 1);
    await portalLater(name);

    expect(portal.count("/v1/orgDevices")).toBe(count + 2);
    expect((await ask("GET", `${apiAccounts}/${name}`)).json.state).toBe("ok");
  });

  test("servers and their devices are told, with the ADE account that has the server's token", async () => {
    const { portal, from, serials } = organisation();
    const account = await connected(from);
    const name = await withApiAccount(portal);

    const { json: servers } = await ask("GET", `${apiAccounts}/${name}/servers?limit=1`);
    const rest = await ask("GET", `${apiAccounts}/${name}/servers?limit=1&cursor=${servers.next_cursor}`);
    const id = portal.idOf(from);
    const { json: devices } = await ask("GET", `${apiAccounts}/${name}/servers/${id}/devices`);
    const device = await ask("GET", `${apiAccounts}/${name}/devices/${serials[0]}`);

    expect(servers.items).toMatchObject([{ id, name: "old", devices: 2, ade_account: account }]);
    expect(rest.json).toMatchObject({ items: [{ name: "new", ade_account: null }], next_cursor: null });
    expect(devices.items).toEqual(serials.map((serial_number) => ({ serial_number })));
    expect(device.json).toMatchObject({ server_id: id, order_number: "ORDER-old" });
    expect((await ask("GET", `${apiAccounts}/${name}/servers/nothing/devices`)).status).toBe(404);
    expect((await ask("GET", `${apiAccounts}/${name}/devices/NOBODY`)).status).toBe(404);
  });

  test.each(["empty", 404] as const)("a device without a server has none, told by %s", async (unassigned) => {
    const { portal, from, serials } = organisation();
    portal.knobs.unassigned = unassigned;
    from.drop(serials[0] as string);
    const name = await withApiAccount(portal);

    const device = await ask("GET", `${apiAccounts}/${name}/devices/${serials[0]}`);

    expect([device.status, device.json.server_id]).toEqual([200, null]);
  });
});

describe("devices move", () => {
  const move = (name: string, json: object) => ask("POST", `${apiAccounts}/${name}/moves`, { json });

  test("by a deadline that is set, changed and cancelled, each followed to its end", async () => {
    const { portal, to, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    const named = { serial_numbers: serials, confirm: 2 };

    const moved = await move(name, { ...named, server_id: toId, deadline: inDays(30) });
    const end = await activityOver(name, moved.json.id);

    expect(moved.status, moved.text).toBe(202);
    expect(end).toMatchObject({ state: "finished", sub_status: "COMPLETED_WITH_SUCCESS", trouble: null });
    expect([...to.devices.keys()]).toEqual(serials);
    expect(to.device(serials[0] as string).mdm_migration_deadline).toBeDefined();
    const at = `${apiAccounts}/${name}/activities/${moved.json.id}/devices`;
    expect((await ask("GET", at)).json.items).toEqual(
      serials.map((serial_number) => ({ serial_number, outcome: "SUCCESS", detail: null })),
    );

    const later = await ask("POST", `${apiAccounts}/${name}/moves/deadline`, {
      json: { ...named, deadline: inDays(60) },
    });
    expect(await activityOver(name, later.json.id)).toMatchObject({ state: "finished" });
    const cancelled = await ask("POST", `${apiAccounts}/${name}/moves/cancel`, { json: named });
    expect(await activityOver(name, cancelled.json.id)).toMatchObject({ state: "finished" });
    expect(to.device(serials[0] as string).mdm_migration_deadline).toBeUndefined();

    const again = await ask("POST", `${apiAccounts}/${name}/moves/cancel`, { json: named });
    expect(await activityOver(name, again.json.id)).toMatchObject({ sub_status: "COMPLETED_WITH_ERROR" });
    const { json } = await ask("GET", `${apiAccounts}/${name}/activities/${again.json.id}/devices`);
    expect(json.items[0]).toMatchObject({ outcome: "FAILED", detail: "The device is not migrating" });
    const { json: list } = await ask("GET", `${apiAccounts}/${name}/activities?limit=3`);
    expect(list.items.map(({ what }: { what: string }) => what)).toEqual(["cancel", "cancel", "deadline"]);
    expect(list.next_cursor).not.toBeNull();
  });

  test("only by number, by admins, to a server that is there, by a day that Apple takes", async () => {
    const { portal, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    const operator = await tokenFor("operator");
    const order = { serial_numbers: serials, confirm: 2, server_id: toId, deadline: inDays(30) };

    const byOperator = await ask("POST", `${apiAccounts}/${name}/moves`, { token: operator, json: order });
    const unconfirmed = await move(name, { ...order, confirm: 1 });
    const nowhere = await move(name, { ...order, server_id: "ABCDEF" });
    const far = await move(name, { ...order, deadline: inDays(91) });
    const past = await move(name, { ...order, deadline: inDays(-1) });

    expect(byOperator.status).toBe(403);
    expect([unconfirmed.status, unconfirmed.json.targets]).toEqual([409, 2]);
    expect([nowhere, far, past].map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(nowhere.json.errors[0].pointer).toBe("/server_id");
    expect(portal.count("/v1/orgDeviceActivities")).toBe(0);
  });

  test("and one order after the other: a device that is in one is not ordered again", async () => {
    const { portal, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    const order = { serial_numbers: serials, confirm: 2, server_id: toId, deadline: inDays(30) };

    const first = await move(name, order);
    const second = await move(name, order);

    expect([first.status, second.status]).toEqual([202, 409]);
    expect(second.json.detail).toContain(first.json.id);
  });

  test("what Apple refuses fails in its words, and is no fault here", async () => {
    const { portal, from, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    portal.knobs.mayMigrate = false;
    const order = { confirm: 1, server_id: toId, deadline: inDays(30) };

    const forbidden = await move(name, { ...order, serial_numbers: [serials[0]] });
    const end = await activityOver(name, forbidden.json.id);
    portal.knobs.mayMigrate = true;
    const foreign = await move(name, { ...order, serial_numbers: ["FOREIGN1"] });
    const other = await activityOver(name, foreign.json.id);

    expect(end).toMatchObject({ state: "failed", trouble: { reason: "forbidden" } });
    expect(other).toMatchObject({ state: "failed", trouble: { reason: "conflict" } });
    expect(JSON.stringify(other)).toContain("FOREIGN1 is no device of yours");
    expect(from.devices.size).toBe(2);
  });

  test("an order that Apple had no time for is sent again, and once", async () => {
    const { portal, to, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    portal.answerNext("/v1/orgDeviceActivities", () => new Response("{}", { status: 429 }));

    const moved = await move(name, {
      serial_numbers: serials,
      confirm: 2,
      server_id: toId,
      deadline: inDays(9),
    });
    const end = await activityOver(name, moved.json.id);

    expect(end).toMatchObject({ state: "finished" });
    expect(portal.activities.size).toBe(1);
    expect(to.devices.size).toBe(2);
  });

  test("an order whose answer was lost is looked for at the devices before it is sent again", async () => {
    const { portal, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    portal.answerNext("/v1/orgDeviceActivities", async (request) => {
      await portal.fetch(request);
      return new Response("", { status: 502 });
    });

    const moved = await move(name, {
      serial_numbers: serials,
      confirm: 2,
      server_id: toId,
      deadline: inDays(9),
    });
    const end = await activityOver(name, moved.json.id);

    expect(end).toMatchObject({ state: "finished", trouble: { reason: "answer-lost" } });
    expect(portal.activities.size).toBe(1);
  });

  test("an order that never reached Apple is sent after it was looked for", async () => {
    const { portal, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    portal.answerNext("/v1/orgDeviceActivities", () => new Response("", { status: 502 }));

    const moved = await move(name, {
      serial_numbers: serials,
      confirm: 2,
      server_id: toId,
      deadline: inDays(9),
    });
    const end = await activityOver(name, moved.json.id);

    expect(end).toMatchObject({ state: "finished", trouble: null });
    expect(portal.activities.size).toBe(1);
  });

  test("the table may come late; without one the end is told all the same", async () => {
    const { portal, serials, toId } = organisation();
    const name = await withApiAccount(portal);
    portal.knobs.tableLag = 2;
    const order = { confirm: 1, server_id: toId, deadline: inDays(9) };

    const late = await move(name, { ...order, serial_numbers: [serials[0]] });
    expect(await activityOver(name, late.json.id)).toMatchObject({ state: "finished", trouble: null });
    portal.knobs.tableLag = 100;
    const never = await move(name, { ...order, serial_numbers: [serials[1]] });

    expect(await activityOver(name, never.json.id)).toMatchObject({
      state: "finished",
      trouble: { reason: "no-results" },
    });
  });

  test("and the server that they come to lists them with their deadline", async () => {
    const { portal, to, serials, toId } = organisation();
    const account = await connected(to);
    const name = await withApiAccount(portal);
    const moved = await move(name, {
      serial_numbers: serials,
      confirm: 2,
      server_id: toId,
      deadline: inDays(9),
    });
    await activityOver(name, moved.json.id);

    await syncAgain(account);

    const { json } = await ask("GET", `/api/v1/ade/devices?account=${account}&migrating=true`);
    expect(json.items).toHaveLength(2);
  });
});

test("a rule by order number needs an API account, and gives devices their profile once it has told what was bought", async () => {
  const { portal, from, serials } = organisation();
  const account = await connected(from);
  await ask("PUT", "/api/v1/ade/profiles/by-order", { json: { profile_name: "By order" } });
  const rules = { rules: [{ profile: "by-order", order_numbers: ["ORDER-new"] }], default_profile: null };
  const set = () => ask("PUT", `/api/v1/ade/accounts/${account}/rules`, { json: rules });
  const told = () =>
    serials.map((serial) => from.profiles.get(from.device(serial).profile_uuid ?? "")?.profile_name);

  const early = await set();
  const name = await withApiAccount(portal);
  await portalSettled(name);
  const taken = await set();
  await settled(account);

  expect(early.json.errors).toMatchObject([{ pointer: "/rules/0/order_numbers", code: "no-api-account" }]);
  expect([taken.status, taken.json]).toEqual([200, rules]);
  expect(told()).toEqual([undefined, undefined]);

  portal.buy(from.device(serials[0] as string), "ORDER-new");
  await ask("POST", `${apiAccounts}/${name}/sync`);
  await portalSettled(name);
  await syncAgain(account);
  await settled(account);

  expect(told()).toEqual(["By order", undefined]);
});
