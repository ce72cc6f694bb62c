import { expect, test } from "vitest";
import { accounts, connected, deviceRows, newName, settled, syncAgain, uploadToken } from "../support/ade.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { tokenFile } from "../support/fake-apple/token-file.ts";

const certificateFor = async (account: string): Promise<string> =>
  (await ask("POST", `${accounts}/${account}/certificate`)).json.certificate;

test("a token is renewed into its account; one of another server is refused, and the present one stays in use", async () => {
  const apple = appleAtFetch();
  const [server, other] = [apple.addServer("one"), apple.addServer("two")];
  const account = await connected(server);
  const certificate = await certificateFor(account);

  const wrong = await uploadToken(account, await tokenFile(other.issueToken(), certificate));
  const renewed = await uploadToken(account, await tokenFile(server.issueToken(), certificate));

  expect(wrong.status).toBe(409);
  expect(wrong.json).toMatchObject({ reason: "other-server", detail: expect.stringContaining(other.uuid) });
  expect(renewed.json).toMatchObject({ state: "ok", server_uuid: server.uuid, certificate_waits: false });
  await syncAgain(account);
  expect((await ask("GET", `${accounts}/${account}`)).json.state).toBe("ok");
});

test("replaced on purpose, the account is for the other server, and the devices of the first are gone", async () => {
  const apple = appleAtFetch();
  const [server, other] = [apple.addServer("one"), apple.addServer("two")];
  server.addDevices(2);
  const [serial] = other.addDevices(1).map(({ serial_number }) => serial_number);
  const account = await connected(server);

  const file = await tokenFile(other.issueToken(), await certificateFor(account));
  const replaced = await uploadToken(account, file, "?replace=true");
  await settled(account);

  expect(replaced.json).toMatchObject({ server_uuid: other.uuid });
  const rows = await deviceRows(account);
  expect(rows.filter(({ deleted_at }) => deleted_at === null).map((row) => row.serial)).toEqual([serial]);
});

test("a file that is damaged, of another certificate, or no token file is named, and changes nothing", async () => {
  const server = appleAtFetch().addServer();
  const account = await connected(server);
  const file = await tokenFile(server.issueToken(), await certificateFor(account));
  const elsewhere = newName();
  const { json: foreign } = await ask("POST", accounts, { json: { name: elsewhere } });

  const damaged = await uploadToken(account, file.slice(0, file.length / 2));
  const ofOther = await uploadToken(account, await tokenFile(server.issueToken(), foreign.certificate));
  const none = await uploadToken(account, "hello");

  for (const answer of [damaged, ofOther, none]) expect(answer.status, answer.text).toBe(400);
  expect(damaged.json.reason).toBe("damaged");
  expect(ofOther.json.reason).toBe("other-key");
  expect(none.json.reason).toBe("not-a-token-file");
  expect((await ask("GET", `${accounts}/${account}`)).json).toMatchObject({
    state: "ok",
    certificate_waits: true,
  });
});

test("a token that Apple does not take is not used, and no 403 of Apple's is a fault here", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const name = newName();
  const { json } = await ask("POST", accounts, { json: { name } });
  server.adminIsGone = true;

  const refused = await uploadToken(name, await tokenFile(server.issueToken(), json.certificate));

  expect(refused.status).toBe(424);
  expect(refused.json.apple).toMatchObject({ reason: "token-dead", code: "FORBIDDEN" });
  expect(refused.json.detail).toContain("Download a new token");
  expect((await ask("GET", `${accounts}/${name}`)).json).toMatchObject({
    state: "awaits-token",
    token: null,
  });
});

test("when the person behind the token is gone the account says so at once, and what to do; one event tells it", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const account = await connected(server);
  server.adminIsGone = true;

  const { json } = await ask("POST", `${accounts}/${account}/sync`);
  await syncAgain(account);
  await syncAgain(account);

  expect(["refused", "fresh"]).toContain(json.outcome);
  expect((await ask("GET", `${accounts}/${account}`)).json).toMatchObject({ state: "token-dead" });
  const { json: events } = await ask("GET", "/api/v1/events?name=ade.trouble");
  expect(
    events.items.filter(({ detail }: { detail: { account: string } }) => detail.account === account),
  ).toHaveLength(1);
});

test.each([
  ["Apple is down", () => new Response("down", { status: 503 })],
  ["it answers with a page", () => new Response("<html>", { headers: { "Content-Type": "text/html" } })],
  ["it answers half a page", () => new Response('{"devices":[{"serial_number":"X')],
  ["the cursor has expired", () => new Response("EXPIRED_CURSOR", { status: 400 })],
  ["the cursor is unknown", () => new Response("INVALID_CURSOR", { status: 400 })],
])("%s: nothing is lost, and the next run goes on", async (_title, answer) => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const account = await connected(server);
  server.addDevices(2);
  apple.answerNext("/devices/sync", answer);

  await syncAgain(account);
  await syncAgain(account);

  expect(await deviceRows(account)).toHaveLength(2);
  expect((await ask("GET", `${accounts}/${account}`)).json.state).toBe("ok");
});

test("a service that gives the same cursor for ever is stopped, and followed again when it has recovered", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const account = await connected(server);
  server.addDevices(1_500);
  apple.knobs.repeatCursor = true;

  await syncAgain(account);
  const stopped = (await ask("GET", `${accounts}/${account}`)).json;
  apple.knobs.repeatCursor = false;
  await syncAgain(account);

  expect(stopped.state).toBe("endless-cursor");
  expect(await deviceRows(account)).toHaveLength(1_500);
  expect((await ask("GET", `${accounts}/${account}`)).json.state).toBe("ok");
});

test("an account goes only when its name is repeated, and its devices go with it", async () => {
  const server = appleAtFetch().addServer();
  server.addDevices(2);
  const account = await connected(server);

  const asked = await ask("DELETE", `${accounts}/${account}`);
  const gone = await ask("DELETE", `${accounts}/${account}?confirm=${account}`);
  await settled(account);

  expect(asked.status).toBe(409);
  expect(asked.json).toMatchObject({ devices: 2 });
  expect(gone.status).toBe(204);
  expect(await deviceRows(account)).toEqual([]);
});

test("devices leave the organisation only by number, and with a right of its own", async () => {
  const server = appleAtFetch().addServer();
  const serials = server.addDevices(2).map(({ serial_number }) => serial_number);
  const account = await connected(server);
  const path = "/api/v1/ade/devices/disown";
  const operator = await tokenFor("operator");
  const trusted = await tokenFor("operator", ["disown"]);
  const json = { serial_numbers: serials };

  expect((await ask("POST", path, { token: operator, json })).status).toBe(403);
  expect((await ask("POST", path, { token: trusted, json })).json).toMatchObject({ status: 409, targets: 2 });
  const done = await ask("POST", path, { token: trusted, json: { ...json, confirm: 2 } });

  expect(done.json.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["SUCCESS", "SUCCESS"]);
  const rows = await deviceRows(account);
  expect(rows.every(({ deleted_at }) => deleted_at !== null)).toBe(true);
});
