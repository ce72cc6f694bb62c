import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { run } from "../support/jobs.ts";
import {
  assetsOf,
  awakened,
  contentAtFetch,
  licencesOf,
  listsLater,
  locationSettled,
  locations,
  newLocation,
  ordersLater,
  withLocation,
} from "../support/licences.ts";

const slack = "618783545";
const notes = "1232780281";

const give = (name: string, apps: string[], serials: string[]) =>
  ask("POST", `${locations}/${name}/licences`, {
    json: { assets: apps.map((adam_id) => ({ adam_id })), serial_numbers: serials },
  });

const takeBack = (name: string, apps: string[], serials: string[]) =>
  ask("POST", `${locations}/${name}/licences/free`, {
    json: { assets: apps.map((adam_id) => ({ adam_id })), serial_numbers: serials },
  });

test("a content token makes a location, and what it has is read with its names", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 10);
  library.buy(notes, 2_147_483_647, { supportedPlatforms: ["macOS"] });
  library.assign(slack, "SERIALBEFORE");

  const name = await withLocation(library);

  const { json } = await ask("GET", `${locations}/${name}`);
  expect(json).toMatchObject({ state: "ok", location_name: "Berlin", country: "DE", managed_by: null });
  expect(json.token.days_left).toBeGreaterThan(360);
  expect(JSON.stringify(json)).not.toContain(library.tokens[0]?.file);
  expect(await assetsOf(name)).toMatchObject([
    { adam_id: notes, total: null, available: null, platforms: ["macOS"] },
    {
      adam_id: slack,
      name: `App ${slack}`,
      bundle_id: `com.example.app${slack}`,
      total: 10,
      assigned: 1,
      available: 9,
    },
  ]);
  expect(await licencesOf(name)).toMatchObject([
    { adam_id: slack, serial_number: "SERIALBEFORE", state: "held", wanted_by: null },
  ]);
  expect(library.mdmInfo).toMatchObject({ name: "edgemdm", metadata: "mdm.example.com" });
  expect(library.notificationUrl).toBe(`https://mdm.example.com/apple/apps-and-books/${name}`);
});

test("two hundred devices get thirty apps with two requests, and one licence each", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "lost";
  const library = apple.addLibrary("School");
  const apps = Array.from({ length: 30 }, (_, at) => String(1000 + at));
  for (const app of apps) library.buy(app, 200);
  const serials = Array.from({ length: 200 }, (_, at) => `SERIAL${String(at).padStart(4, "0")}`);
  const name = await withLocation(library);

  expect((await give(name, apps, serials)).json).toEqual({ licences: 6_000 });
  await locationSettled(name);
  await ordersLater(name);

  expect(apple.count("assets/associate")).toBe(2);
  expect(apple.count("status")).toBe(2);
  expect(library.assignments.size).toBe(6_000);
  expect((await licencesOf(name, `&serial_number=${serials[7]}`)).map(({ state }) => state)).toEqual(
    apps.map(() => "held"),
  );

  await give(name, apps, serials);
  await locationSettled(name);
  await listsLater(name, "assignments_due_at", "full_due_at", "assets_due_at");
  await ordersLater(name);

  expect(apple.count("assets/associate")).toBe(2);
  expect(library.assignments.size).toBe(6_000);
});

test("a licence that is given up is taken back, and one that was never given costs no call", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 1);
  const name = await withLocation(library);
  await give(name, [slack], ["SERIAL01", "SERIAL02"]);
  await takeBack(name, [slack], ["SERIAL02"]);
  await locationSettled(name);
  await ordersLater(name);
  expect(library.holders(slack)).toEqual(["SERIAL01"]);

  await takeBack(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name);

  expect(library.holders(slack)).toEqual([]);
  expect(await licencesOf(name)).toEqual([]);
  expect(apple.count("assets/disassociate")).toBe(1);
});

test("a device that leaves gives back all it had, also what was assigned elsewhere", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  for (const app of [slack, notes]) library.buy(app, 5);
  library.assign(notes, "SERIAL01");
  library.assign(notes, "SERIAL02");
  const name = await withLocation(library);
  await give(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name);

  const freed = await ask("POST", `${locations}/${name}/licences/free-all`, {
    json: { serial_numbers: ["SERIAL01"] },
  });
  expect(freed.status).toBe(204);
  await locationSettled(name);
  await ordersLater(name, 2);

  expect([library.holders(slack), library.holders(notes)]).toEqual([[], ["SERIAL02"]]);
});

test("where licences are missing nothing is tried, until more are bought", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 1);
  const name = await withLocation(library);
  await give(name, [slack], ["SERIAL01", "SERIAL02"]);
  await locationSettled(name);
  await ordersLater(name, 3);

  expect(await licencesOf(name)).toMatchObject([
    { state: "failed", trouble: { reason: "not-enough-licences" }, next_try_at: null },
    { state: "failed", trouble: { reason: "not-enough-licences" }, next_try_at: null },
  ]);
  expect(apple.count("assets/associate")).toBe(1);
  const { json } = await run("problems").then(() => ask("GET", "/api/v1/problems"));
  expect(json.items.filter(({ code }: { code: string }) => code === "licences-missing")).toMatchObject([
    { devices: 2, facts: { app: `App ${slack}`, location: name, count: 2 } },
  ]);

  await apple.buyMore(library, slack, 1);
  await locationSettled(name);
  await ordersLater(name);

  expect(library.holders(slack)).toEqual(["SERIAL01", "SERIAL02"]);
  expect((await licencesOf(name)).map(({ state }) => state)).toEqual(["held", "held"]);
});

test("a licence that comes back goes to the one who waited longest, also when Apple does not tell", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "lost";
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 1);
  const name = await withLocation(library);
  for (const serial of ["SERIAL01", "SERIAL03", "SERIAL02"]) {
    await give(name, [slack], [serial]);
    await locationSettled(name);
    await ordersLater(name);
  }
  expect(library.holders(slack)).toEqual(["SERIAL01"]);

  await takeBack(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name, 2);

  expect(library.holders(slack)).toEqual(["SERIAL03"]);
  expect((await licencesOf(name)).map(({ serial_number, state }) => [serial_number, state])).toEqual([
    ["SERIAL02", "failed"],
    ["SERIAL03", "held"],
  ]);
});

test("an answer that is lost orders nothing twice", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "lost";
  apple.knobs.eventLooks = 0;
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);
  apple.knobs.lostAnswers = 1;

  await give(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name, 2);

  expect(apple.count("assets/associate")).toBe(1);
  expect(await licencesOf(name)).toMatchObject([{ state: "held" }]);
  const { json } = await ask("GET", `${locations}/${name}/orders`);
  expect(json.items).toMatchObject([{ state: "lost", trouble: { reason: "apple-unavailable" } }]);
});

test("notifications that come twice and in the wrong order change nothing that is over", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "held";
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);
  await give(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name);
  await takeBack(name, [slack], ["SERIAL01"]);
  await locationSettled(name);
  await ordersLater(name);
  expect(apple.held).toHaveLength(2);

  await apple.release((held) => [...held.toReversed(), ...held]);
  await locationSettled(name);

  expect(await licencesOf(name)).toEqual([]);
  expect((await assetsOf(name))[0]).toMatchObject({ assigned: 0, available: 5 });
});

test("what is assigned in the portal is known at once when Apple tells, and at last by the list", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);

  await apple.assignByHand(library, slack, "SERIALHAND1");
  await locationSettled(name);
  expect(await licencesOf(name)).toMatchObject([{ serial_number: "SERIALHAND1", state: "held" }]);

  apple.knobs.notifications = "lost";
  await apple.assignByHand(library, slack, "SERIALHAND2");
  await listsLater(name, "assignments_due_at");
  expect(await licencesOf(name)).toHaveLength(2);

  library.assignments.clear();
  await listsLater(name, "assignments_due_at", "full_due_at");
  expect(await licencesOf(name)).toEqual([]);
});

test("pages that shift while they are read lose nothing", async () => {
  const apple = contentAtFetch();
  apple.knobs.pageSize = 3;
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 50);
  for (let at = 0; at < 8; at++) library.assign(slack, `SERIAL0${at}`);
  let writes = 0;
  apple.knobs.whilePaging = (one) => {
    writes += 1;
    if (writes < 4) one.assign(slack, `MEANWHILE${writes}`);
  };

  const name = await withLocation(library);

  expect((await licencesOf(name)).map(({ serial_number }) => serial_number)).toEqual(library.holders(slack));
});

test("Apple lowers a limit while it runs: less goes into one request", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 50);
  const name = await withLocation(library);
  await give(name, [slack], ["SERIAL00"]);
  await locationSettled(name);
  await ordersLater(name);
  apple.knobs.limits.maxSerialNumbers = 4;

  await give(
    name,
    [slack],
    Array.from({ length: 10 }, (_, at) => `SERIAL1${at}`),
  );
  await locationSettled(name);
  await ordersLater(name, 2);

  expect(library.holders(slack)).toHaveLength(11);
  expect((await licencesOf(name)).every(({ state }) => state === "held")).toBe(true);
});

test("another server takes the location: nothing is written until it is taken over", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);
  library.mdmInfo = { id: "another", name: "Other MDM", metadata: "mdm.other.example" };
  await listsLater(name, "assignments_due_at");

  expect((await ask("GET", `${locations}/${name}`)).json).toMatchObject({
    state: "managed-elsewhere",
    managed_by: { name: "Other MDM" },
  });
  const refused = await give(name, [slack], ["SERIAL01"]);
  expect(refused.status).toBe(409);
  expect(refused.json.detail).toContain("Other MDM");
  expect(apple.count("assets/associate")).toBe(0);

  expect((await ask("POST", `${locations}/${name}/take-over`)).status).toBe(409);
  const taken = await ask("POST", `${locations}/${name}/take-over?confirm=${name}`);
  expect(taken.json).toMatchObject({ state: "ok", managed_by: null });
  await give(name, [slack], ["SERIAL01"]);
  await awakened(name);
  await ordersLater(name);
  expect(library.holders(slack)).toEqual(["SERIAL01"]);
});

test.each([
  ["no token at all", () => "hello", 400, "invalid-request"],
  [
    "a token that expired",
    (library: { issueToken: (ms: number) => string }) => library.issueToken(-1000),
    400,
    "invalid-request",
  ],
])("%s is refused before Apple is asked", async (_, token, status, slug) => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");

  const answer = await ask("POST", locations, { json: { name: newLocation(), token: token(library) } });

  expect(answer.status).toBe(status);
  expect(answer.json.type).toContain(slug);
  expect(apple.requests).toEqual([]);
});

test("a token that Apple refuses, one of another library, and one that is there already are told apart", async () => {
  const apple = contentAtFetch();
  const [berlin, paris] = [apple.addLibrary("Berlin"), apple.addLibrary("Paris")];
  const name = await withLocation(berlin);
  const revoked = paris.issueToken();
  for (const token of paris.tokens) token.isRevoked = true;

  const refused = await ask("POST", locations, { json: { name: newLocation(), token: revoked } });
  expect(refused.status).toBe(424);
  expect(refused.json.apple).toMatchObject({ reason: "token-revoked", code: "9625" });

  const again = await ask("POST", locations, { json: { name: newLocation(), token: berlin.issueToken() } });
  expect(again.status).toBe(409);
  expect(again.json.detail).toContain(name);

  const other = await ask("PUT", `${locations}/${name}/token`, { json: { token: paris.issueToken() } });
  expect(other.status).toBe(409);
  expect(other.json.detail).toContain("Paris");

  const renewed = await ask("PUT", `${locations}/${name}/token`, { json: { token: berlin.issueToken() } });
  expect(renewed.status).toBe(200);
});

test("a token that dies is told once, and work goes on with the next one", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);
  for (const token of library.tokens) token.isRevoked = true;
  await give(name, [slack], ["SERIAL01"]);
  await awakened(name);
  await awakened(name);

  expect((await ask("GET", `${locations}/${name}`)).json).toMatchObject({
    state: "token-revoked",
    trouble: { code: "9625" },
  });
  const { json } = await ask("GET", `/api/v1/events?name=content.trouble&limit=100`);
  const told = json.items.filter((event: { detail: { location: string } }) => event.detail.location === name);
  expect(told).toHaveLength(1);

  await ask("PUT", `${locations}/${name}/token`, { json: { token: library.issueToken() } });
  await locationSettled(name);
  await ordersLater(name);
  expect(library.holders(slack)).toEqual(["SERIAL01"]);
  expect((await ask("GET", `${locations}/${name}`)).json.state).toBe("ok");
});

test("people get what Apple does not license to devices", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy("500", 5, { productType: "Book", deviceAssignable: false, revocable: false });
  const name = await withLocation(library);
  expect(await assetsOf(name)).toMatchObject([{ adam_id: "500", kind: "Book" }]);
  const toDevice = await give(name, ["500"], ["SERIAL01"]);
  expect(toDevice.json.errors).toMatchObject([{ pointer: "/assets/0", code: "not-for-devices" }]);

  await ask("PUT", `${locations}/${name}/users/ada`, { json: { email: "ada@example.com" } });
  await locationSettled(name);
  await ordersLater(name);
  expect((await ask("GET", `${locations}/${name}/users`)).json.items).toMatchObject([
    { client_user_id: "ada", email: "ada@example.com", status: "Registered", trouble: null },
  ]);
  const invited = await ask("POST", `${locations}/${name}/users/ada/invitation`);
  expect(invited.json.url).toBe("https://buy.itunes.apple.com/accept?code=code-ada");

  await ask("POST", `${locations}/${name}/licences`, {
    json: { assets: [{ adam_id: "500" }], client_user_ids: ["ada"] },
  });
  await locationSettled(name);
  await ordersLater(name);
  expect(library.holders("500")).toEqual(["ada"]);
  const back = await ask("POST", `${locations}/${name}/licences/free`, {
    json: { assets: [{ adam_id: "500" }], client_user_ids: ["ada"] },
  });
  expect(back.json.errors).toMatchObject([{ code: "not-revocable" }]);

  await ask("DELETE", `${locations}/${name}/users/ada`);
  await locationSettled(name);
  await ordersLater(name);
  expect((await ask("GET", `${locations}/${name}/users`)).json.items).toMatchObject([{ status: "Retired" }]);
});

test("only Apple tells: a stranger, a wrong secret and nonsense store nothing", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  const name = await withLocation(library);
  const tell = (token: string, body: string, location = name) =>
    ask("POST", `/apple/apps-and-books/${location}`, { body, headers: { Authorization: `Bearer ${token}` } });
  const { notificationAuthToken: secret = "" } = library;

  expect((await tell("guess", "{}")).status).toBe(403);
  expect((await tell(secret, "{}", "nowhere")).status).toBe(403);
  expect((await tell(secret, "nonsense")).status).toBe(400);
  expect((await tell(secret, "[".repeat(50_000))).status).toBe(400);
  expect((await tell(secret, "x".repeat(300_000))).status).toBe(413);
});

test("Apple is down and throttles: nothing is lost", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 5);
  const name = await withLocation(library);
  apple.knobs.down = 2;
  apple.knobs.tooMany = { calls: 2, seconds: 30 };
  await give(name, [slack], ["SERIAL01"]);
  for (let times = 0; times < 8; times++) await ordersLater(name);

  expect(library.holders(slack)).toEqual(["SERIAL01"]);
  expect(await licencesOf(name)).toMatchObject([{ state: "held" }]);
});
