import { expect, test } from "vitest";
import { accounts, connected, deviceRows, settled, syncAgain, uploadToken } from "../support/ade.ts";
import { ask } from "../support/admin.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { tokenFile } from "../support/fake-apple/token-file.ts";

test("an account is made, its certificate uploaded at Apple, the token file sent, and the devices come", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer("edgemdm", "Example GmbH");
  server.addDevices(3);
  const made = await ask("POST", accounts, { json: { name: "main" } });
  expect(made.status, made.text).toBe(201);
  expect(made.json).toMatchObject({ state: "awaits-token", token: null, certificate_waits: true });

  const taken = await uploadToken("main", await tokenFile(server.issueToken(), made.json.certificate));
  await settled("main");

  expect(taken.status, taken.text).toBe(200);
  expect(taken.json).toMatchObject({ state: "ok", server_uuid: server.uuid, certificate_waits: false });
  expect(taken.json.token.days_left).toBeGreaterThan(360);
  expect(await deviceRows("main")).toHaveLength(3);
  expect((await ask("GET", `${accounts}/main`)).json).toMatchObject({
    state: "ok",
    synced_at: expect.any(String),
    fetched_at: expect.any(String),
    organization: { name: "Example GmbH" },
  });
});

test("what changes at Apple comes with the next sync: arrivals, departures, and what returns", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const [first, second] = server.addDevices(2).map(({ serial_number }) => serial_number) as [string, string];
  const account = await connected(server);

  server.drop(first);
  const [third] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  await syncAgain(account);

  const rows = await deviceRows(account);
  expect(Object.fromEntries(rows.map(({ serial, deleted_at }) => [serial, deleted_at === null]))).toEqual({
    [first]: false,
    [second]: true,
    [third]: true,
  });
});

test("the rest that Apple's service offers is one call each: beta tokens, the discovery address, a lock, a replacement", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const [serial] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  const account = await connected(server);
  const at = (path: string) => `${accounts}/${account}/${path}`;

  const tokens = await ask("GET", at("beta-tokens"));
  expect([tokens.status, tokens.json.items[0].os]).toEqual([200, "iOS"]);

  const url = "https://mdm.example.com/.well-known/com.apple.remotemanagement";
  expect((await ask("GET", at("discovery"))).json).toMatchObject({ type: "/api/docs#problem-apple-refused" });
  expect((await ask("PUT", at("discovery"), { json: { url: "http://mdm.example.com" } })).status).toBe(400);
  expect((await ask("PUT", at("discovery"), { json: { url } })).status).toBe(204);
  expect((await ask("GET", at("discovery"))).json).toMatchObject({ url });
  expect((await ask("DELETE", at("discovery"))).status).toBe(204);

  expect((await ask("GET", at(`replacements/${serial}`))).json).toMatchObject({
    type: "/api/docs#problem-apple-refused",
  });
  expect((await ask("POST", at("refresh"))).json).toMatchObject({ name: account, state: "ok" });
  expect((await ask("GET", `${accounts}/nobody/beta-tokens`)).status).toBe(404);
});
