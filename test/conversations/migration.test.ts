import { beforeEach, describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { toPem } from "../../src/pki/pem.ts";
import { adminToken, ask } from "../support/admin.ts";
import { FakeServer, newAuthority } from "../support/apple-device/fake-server.ts";
import { type AppleDevice, ConnectRefused, type FlavourName } from "../support/apple-device.ts";
import { enrolledDevice, give, newDevice, stateOf, topic, transport } from "../support/fleet.ts";

/** A fleet of another server, which speaks at the same address once DNS has moved. */
let former: FakeServer;

beforeEach(async () => {
  former = new FakeServer(await newAuthority("Former CA", Date.now()), Date.now());
  await enrolledDevice();
  await ask("PATCH", "/api/v1/settings", { json: { migration: true } });
});

const trust = () =>
  ask("POST", "/api/v1/authorities", {
    json: { certificate: toPem("CERTIFICATE", former.authority.certificate), trusted: true },
  });

type Moved = { device: AppleDevice; messages: Uint8Array<ArrayBuffer>[] };

async function enrolledThere(flavour: FlavourName): Promise<Moved> {
  const device = newDevice(flavour, { transport: former.transport });
  const at = "https://mdm.example.com";
  await device.enroll({ serverUrl: `${at}/mdm`, scepUrl: `${at}/scep`, topic, challenge: "theirs" });
  const messages = former.heard.filter(({ url, method }) => url.pathname === "/mdm" && method === "PUT");
  device.line.options.transport = transport;
  return { device, messages: messages.map(({ body }) => new Uint8Array(body)) };
}

const migrate = (body: Uint8Array<ArrayBuffer>) =>
  ask("PUT", "/migration", {
    token: null,
    headers: { Authorization: `Basic ${btoa(`nanomdm:${adminToken}`)}` },
    body,
  });

async function takenOver(flavour: FlavourName): Promise<AppleDevice> {
  const { device, messages } = await enrolledThere(flavour);
  for (const body of messages) expect((await migrate(body)).status).toBe(200);
  return device;
}

describe("a fleet of NanoMDM", () => {
  test("is enrolled by its messages, and goes on with the identities that it has", async () => {
    const device = await takenOver("mac");
    await trust();
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json).toMatchObject({ state: "enrolled" });

    const uuid = await give(device, "ProfileList");
    await device.converse(() => ({ status: "Acknowledged" }));

    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("may be sent twice", async () => {
    const { device, messages } = await enrolledThere("iphone");
    for (const body of [...messages, ...messages]) expect((await migrate(body)).status).toBe(200);
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json).toMatchObject({
      state: "enrolled",
      generation: 1,
    });
  });

  test("is not believed before the authority of its identities is trusted", async () => {
    const device = await takenOver("mac");
    await expect(device.converse(() => ({ status: "Acknowledged" }))).rejects.toThrow(ConnectRefused);
    await trust();
    await device.converse(() => ({ status: "Acknowledged" }));
  });

  test("binds each device to the first certificate that speaks for it, and to no second", async () => {
    const [one, two] = [await takenOver("mac"), await takenOver("mac")];
    await trust();
    await one.converse(() => ({ status: "Acknowledged" }));
    const [ofOne, ofTwo] = [one.line.identity, two.line.identity];

    // A certificate serves one device, and a device that is bound takes no other.
    two.line.identity = ofOne;
    await expect(two.converse(() => ({ status: "Acknowledged" }))).rejects.toThrow(ConnectRefused);
    one.line.identity = ofTwo;
    await expect(one.converse(() => ({ status: "Acknowledged" }))).rejects.toThrow(ConnectRefused);

    one.line.identity = ofOne;
    two.line.identity = ofTwo;
    await one.converse(() => ({ status: "Acknowledged" }));
    await two.converse(() => ({ status: "Acknowledged" }));
  });

  test("takes no place of a device that is enrolled here, and opens no door to others", async () => {
    const here = await enrolledDevice("mac");
    const { device, messages } = await enrolledThere("mac");
    await trust();
    // A certificate of the former authority is no identity of a device that enrolled here.
    const own = here.line.identity;
    here.line.identity = device.line.identity;
    await expect(here.converse(() => ({ status: "Acknowledged" }))).rejects.toThrow(ConnectRefused);
    here.line.identity = own;

    const text = new TextDecoder().decode(messages[0]).replaceAll(device.id, here.id);
    const refused = await migrate(utf8(text));
    expect([refused.status, refused.json.error]).toEqual([
      400,
      expect.stringContaining("replacement-not-allowed"),
    ]);
  });

  test("is refused while no fleet is expected", async () => {
    const { messages } = await enrolledThere("mac");
    await ask("PATCH", "/api/v1/settings", { json: { migration: false } });
    expect((await migrate(messages[0] as Uint8Array<ArrayBuffer>)).status).toBe(403);
  });

  test("brings check-in messages, and nothing else", async () => {
    expect((await migrate(utf8("hello"))).status).toBe(400);
    const { messages } = await enrolledThere("mac");
    const text = new TextDecoder().decode(messages[0]).replace("Authenticate", "CheckOut");
    expect((await migrate(utf8(text))).json.error).toContain("not-taken-over");
  });
});
