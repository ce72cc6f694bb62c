import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { utf8 } from "../../../src/base/bytes.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { keepNotes, notes } from "../../support/notes.ts";

const path = (identifier: string) => `/api/v1/declarations/${encodeURIComponent(identifier)}`;
const put = (identifier: string, json: unknown, query = "") => ask("PUT", path(identifier) + query, { json });
const echo = (text: string) => ({
  type: "com.apple.configuration.management.test",
  payload: { Echo: text },
});
const activation = (...names: string[]) => ({
  type: "com.apple.activation.simple",
  payload: { StandardConfigurations: names },
});
const errorsOf = ({ json }: { json: { errors: { pointer: string; code: string; detail: string }[] } }) =>
  json.errors.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`);

test("a declaration is saved once, changed by other content, and read back", async () => {
  const created = await put("com.example.echo", echo("one"));
  const again = await put("com.example.echo", { ...echo("one"), type: echo("").type });
  const changed = await put("com.example.echo", {
    Type: "com.apple.configuration.management.test",
    Identifier: "com.example.echo",
    ServerToken: "from elsewhere",
    Payload: { Echo: "two" },
  });

  expect([created.status, again.status, changed.status]).toEqual([201, 200, 200]);
  expect(created.headers.get("Location")).toBe("/api/v1/declarations/com.example.echo");
  expect([created, again, changed].map(({ json }) => [json.outcome, json.version])).toEqual([
    ["created", 1],
    ["unchanged", 1],
    ["changed", 2],
  ]);
  expect(again.json.server_token).toBe(created.json.server_token);
  expect(changed.json.server_token).not.toBe(created.json.server_token);
  expect((await ask("GET", path("com.example.echo"))).json).toMatchObject({
    identifier: "com.example.echo",
    kind: "configuration",
    payload: { Echo: "two" },
    data: null,
  });
});

test("identifiers may hold slashes, colons, spaces and letters of any language", async () => {
  for (const identifier of ["a/b/c", "x:y", "é 100%", "versions", "a/data"]) {
    const saved = await put(identifier, echo(identifier));

    expect([saved.status, (await ask("GET", path(identifier))).json.payload], identifier).toEqual([
      201,
      { Echo: identifier },
    ]);
  }
});

test("what cannot be a declaration is refused, with all errors together", async () => {
  const bad = await put("com.example.bad", {
    type: "com.apple.configuration.passcode.settings",
    payload: {
      MinimumLength: "four",
      RequirePascode: true,
      MaximumFailedAttempts: 1,
      Note: "{{device.colour}}",
    },
  });

  expect(bad.status).toBe(400);
  expect(errorsOf(bad)).toEqual([
    expect.stringMatching(/^\/payload\/MinimumLength wrong-type/),
    expect.stringMatching(/^\/payload\/MaximumFailedAttempts out-of-range/),
    "/payload unknown-variable: {{device.colour}} is not a variable; write two literal braces as {{{{",
  ]);
  expect((await ask("GET", path("com.example.bad"))).status).toBe(404);
});

test.each([
  ["x".repeat(65), echo(""), "/identifier bad-identifier"],
  ["edgemdm.mine", echo(""), "/identifier bad-identifier"],
  ["one", { type: "com.apple.profile.simple" }, "/type bad-type"],
  ["one", { payload: {} }, "/type check: is missing"],
  ["one", { Type: "com.apple.activation.simple", Identifier: "two" }, "/Identifier other-identifier"],
  ["one", { Type: "com.apple.activation.simple", type: "x" }, " check: must be in lower"],
  ["one", [], " object: must be"],
])("%s is refused with %j", async (identifier, json, error) => {
  const refused = await put(identifier, json, "?validate=off");

  expect(refused.status).toBe(400);
  expect(errorsOf(refused)[0]).toContain(error);
});

test("nesting deeper than any type has is refused, whatever is asked of the validator", async () => {
  const body = `{"type":"com.apple.management.properties","payload":{"a":${"[".repeat(80)}${"]".repeat(80)}}}`;

  const refused = await ask("PUT", `${path("deep")}?validate=off`, {
    body,
    headers: { "Content-Type": "application/json" },
  });

  expect([refused.status, errorsOf(refused)[0]]).toEqual([400, "/payload too-deep: nested deeper than 64"]);
});

test("a type newer than the catalogue is accepted with a warning, a misspelt key is named", async () => {
  const newer = await put("com.example.newer", {
    type: "com.apple.configuration.from.tomorrow",
    payload: { Any: 1 },
  });
  const misspelt = await put("com.example.misspelt", {
    type: "com.apple.configuration.passcode.settings",
    payload: { RequirePascode: true },
  });

  expect(newer.json.warnings).toMatchObject([{ level: "warning", code: "unknown-type" }]);
  expect(misspelt.json.warnings).toMatchObject([
    { pointer: "/payload/RequirePascode", code: "unknown-key", suggestion: "RequirePasscode" },
  ]);
});

test("what a declaration refers to must be there and be of the right kind", async () => {
  await put("ref.configuration", echo("referred"));
  await put("ref.person", { type: "com.apple.asset.useridentity", payload: { FullName: "A" } });
  const missing = await put("ref.activation", activation("ref.configuraton", "ref.person"));
  const google = (UserIdentityAssetReference: string) => ({
    type: "com.apple.configuration.account.google",
    payload: { UserIdentityAssetReference },
  });

  expect(errorsOf(missing)).toEqual([
    '/payload/StandardConfigurations/0 unknown-reference: the library has no declaration "ref.configuraton"; did you mean ref.configuration?',
    "/payload/StandardConfigurations/1 wrong-reference: ref.person is of kind asset; it must be of kind configuration",
  ]);
  expect(errorsOf(await put("ref.google", google("ref.configuration")))).toEqual([
    "/payload/UserIdentityAssetReference wrong-reference: ref.configuration is of type com.apple.configuration.management.test; it must be com.apple.asset.useridentity",
  ]);
  expect((await put("ref.activation", activation("ref.later"), "?validate=off")).status).toBe(201);
  expect((await put("ref.google", google("ref.person"))).status).toBe(201);
});

test("what others refer to keeps a type that suits them", async () => {
  await put("suit.configuration", echo("referred"));
  await put("suit.activation", activation("suit.configuration"));

  const changed = await put("suit.configuration", activation());

  expect(errorsOf(changed)).toContain(
    "/payload unfit-for-referrer: suit.activation refers to it and needs a type other than com.apple.activation.simple",
  );
});

test("predicates are read, and status items nobody knows are named", async () => {
  await put("pre.configuration", echo("x"));
  const withPredicate = (Predicate: string) =>
    put("pre.activation", {
      ...activation(),
      payload: { StandardConfigurations: ["pre.configuration"], Predicate },
    });

  const broken = await withPredicate("@status(device.model.family) = = 'iPad'");
  const doubtful = await withPredicate("@status(device.model.famly) == 'iPad'");
  const slipped = await withPredicate("SUBQUERY(@status(mdm.app), $a, $a.@key(identifer) == 'x').@count > 0");

  expect(errorsOf(broken)).toEqual([
    "/payload/Predicate bad-predicate: at character 32: a value is expected here, not =",
  ]);
  expect(doubtful.json.warnings).toMatchObject([
    { code: "unknown-status-item", suggestion: "device.model.family" },
  ]);
  expect(slipped.json.warnings).toMatchObject([{ code: "unknown-status-key", suggestion: "identifier" }]);
});

test("what is used is not deleted, and its users are named", async () => {
  await put("used.configuration", echo("used"));
  await put("used.activation", activation("used.configuration"));
  await env.DB.prepare(
    "INSERT INTO set_members (set_name, kind, identifier) VALUES ('staff', 'declaration', 'used.activation')",
  ).run();

  const configuration = await ask("DELETE", path("used.configuration"));
  const inSet = await ask("DELETE", path("used.activation"));
  await env.DB.prepare("DELETE FROM set_members").run();

  expect(configuration.json).toMatchObject({ status: 409, referrers: ["used.activation"], sets: [] });
  expect(inSet.json).toMatchObject({ status: 409, referrers: [], sets: ["staff"] });
  expect((await ask("DELETE", path("used.activation"))).status).toBe(204);
  expect((await ask("DELETE", path("used.configuration"))).status).toBe(204);
  expect((await ask("DELETE", path("used.configuration"))).status).toBe(404);
  expect((await ask("GET", `${path("used.configuration")}/versions`)).json.items).toEqual([]);
});

test("versions are kept, compared and restored", async () => {
  for (const text of ["first", "second", "third"]) await put("ver.echo", echo(text));

  const versions = await ask("GET", `${path("ver.echo")}/versions?limit=2`);
  const older = await ask("GET", `${path("ver.echo")}/versions?cursor=${versions.json.next_cursor}`);
  const diff = await ask("GET", `${path("ver.echo")}/diff?from=1&to=2`);
  const restored = await ask("POST", `${path("ver.echo")}/versions/1/restore`);

  expect(
    [...versions.json.items, ...older.json.items].map(({ version }: { version: number }) => version),
  ).toEqual([3, 2, 1]);
  expect(diff.json).toEqual({
    from: 1,
    to: 2,
    differences: [{ pointer: "/payload/Echo", from: "first", to: "second" }],
  });
  expect(restored.json).toMatchObject({ version: 4, outcome: "changed", payload: { Echo: "first" } });
  expect((await ask("POST", `${path("ver.echo")}/versions/9/restore`)).status).toBe(404);
  expect((await ask("GET", `${path("ver.echo")}/diff?from=9`)).status).toBe(404);
});

test("a touch gives another token to the same content", async () => {
  const saved = await put("touch.echo", echo("same"));

  const touched = await ask("POST", `${path("touch.echo")}/touch`);
  const again = await put("touch.echo", echo("same"));

  expect(touched.json).toMatchObject({ version: 1, payload: { Echo: "same" } });
  expect(touched.json.server_token).not.toBe(saved.json.server_token);
  expect(again.json).toMatchObject({ outcome: "unchanged", server_token: touched.json.server_token });
  expect((await ask("POST", `${path("touch.nobody")}/touch`)).status).toBe(404);
});

test("a dry run tells what would change, and which channels would hear of it, and does nothing", async () => {
  await put("dry.echo", echo("before"));
  const rows = ["a", "b", "c"].flatMap((set) =>
    [1, 2, 3].map((device) => `('device-${device}${set === "c" ? "c" : ""}', '', '${set}', 'given')`),
  );
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO set_members (set_name, kind, identifier) VALUES ('a', 'declaration', 'dry.echo'), ('b', 'declaration', 'dry.echo')",
    ),
    env.DB.prepare(
      `INSERT INTO channel_sets (device_id, user_id, set_name, source) VALUES ${rows.join()}, ('device-2', 'user', 'b', 'rule')`,
    ),
  ]);

  const plan = await put("dry.echo", echo("after"), "?dry_run=true&limit=2");
  const more = await put("dry.echo", echo("after"), `?dry_run=true&cursor=${plan.json.next_cursor}`);
  const none = await put("dry.echo", echo("before"), "?dry_run=true");

  expect(plan.json).toMatchObject({
    outcome: "changed",
    differences: [{ pointer: "/payload/Echo", from: "before", to: "after" }],
    sets: ["a", "b"],
    channels: 4,
    channels_complete: true,
    items: [
      { device_id: "device-1", channel: null },
      { device_id: "device-2", channel: null },
    ],
  });
  expect(more.json.items).toEqual([
    { device_id: "device-2", channel: "user" },
    { device_id: "device-3", channel: null },
  ]);
  expect(none.json).toMatchObject({ outcome: "unchanged", channels: 0, items: [] });
  expect((await ask("GET", path("dry.echo"))).json).toMatchObject({
    version: 1,
    payload: { Echo: "before" },
  });
});

test("a change is noted for every set that holds the declaration", async () => {
  await keepNotes();

  await put("dry.echo", echo("told"), "?notify=false");

  expect(await notes()).toMatchObject([
    { concerns: "channels", set_name: "a", quiet: 1 },
    { concerns: "channels", set_name: "b", quiet: 1 },
  ]);
});

test("the data of an asset is uploaded, described, and given back to admins alone", async () => {
  await put("asset.zip", { type: "com.apple.asset.data", payload: {} });
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const large = new Uint8Array(3 * 1024 * 1024);
  for (let at = 0; at < large.length; at += bytes.length) large.set(bytes.subarray(0, large.length - at), at);
  const data = `${path("asset.zip")}/data`;

  const uploaded = await ask("PUT", data, { body: large, headers: { "Content-Type": "application/zip" } });
  const again = await ask("PUT", data, { body: large, headers: { "Content-Type": "application/zip" } });
  const answer = await ask("GET", data);

  expect(uploaded.json).toMatchObject({
    outcome: "changed",
    version: 2,
    warnings: [],
    data: { content_type: "application/zip", size: large.length },
  });
  expect(again.json.outcome).toBe("unchanged");
  await env.DB.exec(
    "INSERT INTO set_members (set_name, kind, identifier) VALUES ('zip', 'declaration', 'asset.zip')",
  );
  await keepNotes();
  await ask("PUT", data, { body: large, headers: { "Content-Type": "application/x-zip" } });
  await ask("PUT", data, { body: large, headers: { "Content-Type": "application/zip" } });
  expect(await notes(), "devices know it by its type too").toMatchObject([
    { set_name: "zip" },
    { set_name: "zip" },
  ]);
  expect(answer.headers.get("Content-Type")).toBe("application/zip");
  expect(answer.headers.get("Content-Length")).toBe(String(large.length));
  expect((await ask("GET", data, { token: await tokenFor("operator") })).status).toBe(403);
  expect((await ask("DELETE", data)).status).toBe(204);
  expect((await ask("GET", data)).status).toBe(404);
});

test("the file that comes back is the one that was sent", async () => {
  const document = JSON.stringify({ UserName: "anna", Password: "correct horse" });
  await put("asset.login", { type: "com.apple.asset.credential.userpassword", payload: {} });
  const upload = (body: string, type = "application/json") =>
    ask("PUT", `${path("asset.login")}/data`, { body, headers: { "Content-Type": type } });

  expect(errorsOf(await upload('{"Username": "anna"}'))).toEqual([
    expect.stringMatching(/^\/UserName missing-key/),
  ]);
  expect(errorsOf(await upload("anna"))).toEqual([" data-unreadable: is not JSON"]);
  expect(errorsOf(await upload(document, "a b"))).toEqual([
    "/Content-Type content-type: send a Content-Type that says what the data is, such as application/zip",
  ]);
  expect((await upload(document)).status).toBe(200);
  expect((await ask("GET", `${path("asset.login")}/data`)).text).toBe(document);
  const { results } = await env.DB.prepare("SELECT sealed FROM asset_parts").all<{ sealed: string }>();
  expect(results.some(({ sealed }) => atob(sealed).includes("correct horse"))).toBe(false);
});

test("a file over the limit is refused, and so is one for an asset that has its own address", async () => {
  const own = { Reference: { DataURL: "https://files.example.com/a" } };
  await put("asset.elsewhere", { type: "com.apple.asset.data", payload: own });
  const data = `${path("asset.elsewhere")}/data`;
  const headers = { "Content-Type": "application/zip" };

  expect((await ask("PUT", data, { body: utf8("zip"), headers })).json.errors[0].code).toBe("data-elsewhere");
  expect((await ask("PUT", data, { body: new Uint8Array(20 * 1024 * 1024 + 1), headers })).status).toBe(413);
});

test("the list is in the order of identifiers, and can be of one kind or type", async () => {
  const all: string[] = [];
  for (let cursor = ""; ; ) {
    const { json } = await ask("GET", `/api/v1/declarations?limit=5${cursor}`);
    all.push(...json.items.map((item: { identifier: string }) => item.identifier));
    if (json.next_cursor === null) break;
    cursor = `&cursor=${json.next_cursor}`;
  }
  const assets = (await ask("GET", "/api/v1/declarations?kind=asset")).json.items;
  const typed = (await ask("GET", "/api/v1/declarations?type=com.apple.asset.data")).json.items;

  expect(all).toEqual(all.toSorted());
  expect(new Set(all).size).toBe(all.length);
  expect(assets.every((item: { kind: string }) => item.kind === "asset")).toBe(true);
  expect(typed.map((item: { identifier: string }) => item.identifier)).toEqual([
    "asset.elsewhere",
    "asset.zip",
  ]);
});

test("no address makes the server fail", async () => {
  for (const raw of ["%E0%A4%A", "%00", "%", "%2e%2e", "x".repeat(3_000), "%F0%9F%98%80"]) {
    const answers = await Promise.all([
      ask("GET", `/api/v1/declarations/${raw}`),
      ask("PUT", `/api/v1/declarations/${raw}?validate=off`, { json: echo("x") }),
      ask("DELETE", `/api/v1/declarations/${raw}/data`),
      ask("GET", `/api/v1/declarations/${raw}/diff?from=1`),
    ]);

    expect(
      answers.every(({ status }) => status < 500),
      raw,
    ).toBe(true);
  }
});

test("several who change one declaration at once all have their turn", async () => {
  await put("race.echo", echo("start"));

  const answers = await Promise.all(["a", "b", "c"].map((text) => put("race.echo", echo(text))));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ json }) => json.version))).toEqual(new Set([2, 3, 4]));
  expect((await ask("GET", path("race.echo"))).json.version).toBe(4);
});
