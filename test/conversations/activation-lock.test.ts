import { expect, test } from "vitest";
import { bypassCodeFromText } from "../../src/ade/bypass-code.ts";
import { connected } from "../support/ade.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { FakeApple } from "../support/fake-apple/apple.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";

// The activation of a device is locked to the organization, with a bypass code that is in escrow before Apple hears of it.

let made = 0;

async function portal() {
  const apple = appleAtFetch(new FakeApple());
  const server = apple.addServer();
  // Tests of a file share one database.
  made += 1;
  const serial = `LOCKED${made}`;
  server.addDevices(1, { serial_number: serial });
  const account = await connected(server);
  const lock = (json: object = {}) =>
    ask("POST", `/api/v1/ade/accounts/${account}/activation-locks`, {
      json: { serial_number: serial, ...json },
    });
  /** What Apple was told last. */
  const told = () =>
    apple.requests.findLast(({ path }) => path === "/device/activationlock")?.body as {
      escrow_key?: string;
      lost_message?: string;
    };
  return { apple, serial, lock, told };
}

const escrowOf = (serial: string, token?: string) =>
  ask("GET", `/api/v1/devices/${serial}/escrow/activation-lock-server`, token ? { token } : {});

test("the code is kept under the serial number, and Apple is told its hash", async () => {
  const { serial, lock, told } = await portal();

  const locked = await lock({ lost_message: "Call us" });

  expect([locked.status, locked.json]).toEqual([
    200,
    { serial_number: serial, outcome: "SUCCESS", escrowed: true },
  ]);
  const { json } = await escrowOf(serial);
  expect(json).toMatchObject({
    value: expect.stringMatching(/^[0-9A-Z]{5}-[0-9A-Z-]{25}$/),
    encoding: "text",
    items: [{ current: true, confirmed: true, archived_at: null, device_id: serial }],
  });
  expect(told()).toMatchObject({
    escrow_key: (await bypassCodeFromText(json.value))?.hash,
    lost_message: "Call us",
  });
});

test("a code that Apple did not take is not kept, and the one in force stays", async () => {
  const { serial, lock } = await portal();
  await lock();
  const before = (await escrowOf(serial)).json;

  expect((await lock()).json).toMatchObject({ outcome: "DEVICE_ALREADY_LOCKED", escrowed: false });

  expect((await escrowOf(serial)).json).toEqual(before);
});

test("when Apple's answer is lost, the code is kept as one that is not confirmed", async () => {
  const { apple, serial, lock, told } = await portal();
  apple.answerNext("/device/activationlock", async (request) => {
    await apple.fetch(request);
    return new Response("<h1>Bad gateway</h1>", { status: 502 });
  });

  expect((await lock()).status).toBe(503);

  const { value, items } = (await escrowOf(serial)).json;
  expect(value).toBeNull();
  expect(items).toMatchObject([{ confirmed: false }]);
  expect((await bypassCodeFromText(items[0].value))?.hash).toBe(told().escrow_key);
});

test("who keeps a code, or wants none, gets none", async () => {
  const { serial, lock, told } = await portal();
  const escrow_key = "ab".repeat(32);

  expect((await lock({ escrow_key, portal_user: true })).status).toBe(400);
  expect((await lock({ escrow_key })).json).toMatchObject({ outcome: "SUCCESS", escrowed: false });
  expect(told()).toMatchObject({ escrow_key });
  expect((await escrowOf(serial)).status).toBe(404);

  const other = await portal();
  expect((await other.lock({ portal_user: true })).json.outcome).toBe("SUCCESS");
  expect(other.told().escrow_key).toBeUndefined();
});

test("the code is shown by the right to read escrow, with an audit entry", async () => {
  const { serial, lock } = await portal();
  await lock();

  expect((await escrowOf(serial, await tokenFor("operator"))).status).toBe(403);
  expect((await escrowOf(serial, await tokenFor("viewer", ["read-escrow"]))).status).toBe(200);
  const { json } = await ask("GET", "/api/v1/audit?limit=1");
  expect(JSON.stringify(json.items)).toContain(serial);
});
