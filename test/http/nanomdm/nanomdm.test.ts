import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { writePlist } from "../../../src/plist/write.ts";
import { adminToken, ask, tokenFor } from "../../support/admin.ts";
import { enrolledDevice, stateOf, topic } from "../../support/fleet.ts";
import { testClient, testIdentity } from "../../support/test-pki.ts";

const basic = (password: string, user = "nanomdm") => `Basic ${btoa(`${user}:${password}`)}`;

const send = (method: string, path: string, body?: BodyInit, authorization = basic(adminToken)) =>
  ask(method, path, {
    token: null,
    headers: { Authorization: authorization },
    ...(body !== undefined && { body }),
  });

const command = (
  RequestType: string,
  payload: Record<string, string | string[]> = {},
  uuid = crypto.randomUUID(),
) => ({
  uuid,
  plist: writePlist({ CommandUUID: uuid, Command: { RequestType, ...payload } }),
});

const events = async (name: string) =>
  (
    await env.DB.prepare("SELECT detail FROM events WHERE name = ?").bind(name).all<{ detail: string }>()
  ).results.map(({ detail }) => JSON.parse(detail));

describe("who may come in", () => {
  test("nobody without a token, or under another name", async () => {
    const answer = await send("GET", "/v1/push/A", undefined, basic("wrong"));
    expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([
      401,
      'Basic realm="nanomdm", charset="UTF-8"',
    ]);
    expect((await send("GET", "/v1/push/A", undefined, basic(adminToken, "admin"))).status).toBe(401);
  });

  test("a token whose role allows it, and no other", async () => {
    const viewer = basic(await tokenFor("viewer"));
    const operator = basic(await tokenFor("operator"));
    expect((await send("PUT", "/v1/enqueue/A?nopush=1", command("ProfileList").plist, viewer)).status).toBe(
      403,
    );
    expect((await send("GET", "/v1/push/A", undefined, viewer)).status).toBe(403);
    expect((await send("PUT", "/v1/pushcert", "x", operator)).status).toBe(403);
    expect((await send("PUT", "/migration", "x", operator)).status).toBe(403);
  });
});

describe("the help desk", () => {
  const helpdesk = async () => basic(await tokenFor("helpdesk"));

  test("sends to one device at a time what it may send, and nothing else", async () => {
    const [one, two] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    const may = command("EnableLostMode", { Message: "Call us" });

    expect((await send("PUT", `/v1/enqueue/${one.id}?nopush=1`, may.plist, await helpdesk())).status).toBe(
      200,
    );
    const both = await send("PUT", `/v1/enqueue/${one.id},${two.id}`, may.plist, await helpdesk());
    expect([both.status, both.json.command_error]).toEqual([500, "2 ids in one call need the role operator"]);
    const other = await send("PUT", `/v1/enqueue/${one.id}`, command("ProfileList").plist, await helpdesk());
    expect(other.json.status[one.id]).toEqual({ command_error: expect.stringContaining("role operator") });
  });

  test("wakes nobody by a push without a command", async () => {
    const device = await enrolledDevice("iphone");
    const answer = await send("PUT", `/v1/enqueue/${device.id}`, undefined, await helpdesk());
    expect([answer.status, answer.json]).toEqual([500, { push_error: "a push needs the role operator" }]);
    expect((await send("GET", `/v1/push/${device.id}`, undefined, await helpdesk())).status).toBe(403);
  });
});

describe("a command", () => {
  test("is queued for the device, which answers it", async () => {
    const device = await enrolledDevice("mac");
    const { uuid, plist } = command("ProfileList");

    const answer = await send("PUT", `/v1/enqueue/${device.id}?nopush=1`, plist);

    expect(answer.status).toBe(200);
    expect(answer.text).toBe(
      `{\n\t"no_push": true,\n\t"command_uuid": "${uuid}",\n\t"request_type": "ProfileList"\n}\n`,
    );
    await device.converse(() => ({ status: "Acknowledged" }));
    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("says of each id how it went, and tells a failure of some from one of all", async () => {
    const device = await enrolledDevice("mac");
    const { plist } = command("ProfileList");

    const some = await send("POST", `/v1/enqueue/${device.id},NOBODY?nopush=1`, plist);
    expect([some.status, Object.keys(some.json.status)]).toEqual([500, ["NOBODY"]]);

    const pushed = await send("PUT", `/v1/enqueue/${device.id},NOBODY`, command("ProfileList").plist);
    expect(pushed.status).toBe(500);
    expect(pushed.json.status[device.id].push_error).toContain("no-certificate");
    expect(pushed.json.status.NOBODY.command_error).toContain("NOBODY");
  });

  test("is taken as it is sent, and the catalogue's doubts come as a header and an event", async () => {
    const device = await enrolledDevice("mac");
    const { uuid, plist } = command("DeviceInformation");

    const answer = await send("PUT", `/v1/enqueue/${device.id}?nopush=1`, plist);

    expect(answer.status).toBe(200);
    expect(answer.headers.get("Warning")).toContain("Queries");
    expect(await events("command.warned")).toContainEqual(
      expect.objectContaining({ command: uuid, request_type: "DeviceInformation" }),
    );
    expect(await stateOf(device, uuid)).toBe("queued");
  });

  test.each([
    ["no property list", "hello"],
    ["no UUID", writePlist({ Command: { RequestType: "ProfileList" } })],
    ["no envelope", writePlist({ RequestType: "ProfileList", CommandUUID: "A" })],
  ])("that is none is refused whole: %s", async (_, body) => {
    const answer = await send("PUT", "/v1/enqueue/A?nopush=1", body);
    expect([answer.status, typeof answer.json.command_error]).toEqual([500, "string"]);
  });

  test("that is empty is a push, and nothing at all with nopush", async () => {
    expect((await send("PUT", "/v1/enqueue/NOBODY")).json.status.NOBODY.push_error).toBeTypeOf("string");
    expect((await send("PUT", "/v1/enqueue/NOBODY?nopush=1")).json).toEqual({
      command_error: "must enqueue or push",
    });
  });

  test("whose UUID was used is an error of that id", async () => {
    const device = await enrolledDevice("mac");
    const { uuid, plist } = command("ProfileList");
    await send("PUT", `/v1/enqueue/${device.id}?nopush=1`, plist);
    await device.converse(() => ({ status: "Acknowledged" }));

    const again = await send(
      "PUT",
      `/v1/enqueue/${device.id}?nopush=1`,
      command("ProfileList", {}, uuid).plist,
    );

    expect([again.status, again.json.status[device.id].command_error]).toEqual([
      500,
      expect.stringContaining("was used before"),
    ]);
  });

  test("that cannot be taken back reaches one device; several only where a setting lets it, and then it is held", async () => {
    const [one, two] = [await enrolledDevice("mac"), await enrolledDevice("mac")];
    const path = `/v1/enqueue/${one.id},${two.id}`;
    const { uuid, plist } = command("EraseDevice", { PIN: "123456" });

    const refused = await send("PUT", path, plist);
    expect(refused.status).toBe(500);
    expect(refused.json.status[one.id].command_error).toContain("compat_destructive");
    expect(await stateOf(one, uuid)).toBeUndefined();

    await ask("PATCH", "/api/v1/settings", { json: { compat_destructive: true } });
    const operator = basic(await tokenFor("operator"));
    expect((await send("PUT", path, plist, operator)).json.command_error).toContain("role admin");
    expect((await send("PUT", path, plist)).status).toBe(200);
    expect((await ask("GET", `/api/v1/batches/${uuid}`)).json).toMatchObject({ state: "held" });
    await ask("DELETE", `/api/v1/batches/${uuid}`);
    await ask("PATCH", "/api/v1/settings", { json: { compat_destructive: false } });
  });

  test("to many is a batch under its own UUID, and who is unknown is said at once", async () => {
    const device = await enrolledDevice("mac");
    const { uuid, plist } = command("ProfileList");
    const strangers = Array.from({ length: 40 }, (_, n) => `NOBODY-${n}`);

    const answer = await send("PUT", `/v1/enqueue/${[device.id, ...strangers].join(",")}`, plist);

    expect(answer.status).toBe(207);
    expect(answer.json.status[device.id]).toEqual({ push_result: `/api/v1/batches/${uuid}/targets` });
    expect(answer.json.status["NOBODY-7"]).toEqual({ command_error: "no device with this id is known" });
    await expect.poll(() => stateOf(device, uuid), { timeout: 20_000 }).toBe("queued");
    const again = await send("PUT", `/v1/enqueue/${[device.id, ...strangers].join(",")}`, plist);
    expect(again.json.command_error).toContain("was used before");
  });
});

describe("the push certificate", () => {
  test("comes with its key in one text, and is answered with its topic", async () => {
    const { certificatePem, keyPem } = await testClient(
      await testIdentity({ commonName: "Root", isCa: true }),
      "P-256",
      { topic },
    );

    const put = await send("PUT", "/v1/pushcert", `${certificatePem.trimEnd()}${keyPem}`);
    expect([put.status, put.json.error ?? put.json.topic]).toEqual([200, topic]);
    expect(put.json.not_after).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await send("GET", `/v1/pushcert?topic=${topic}`)).json).toEqual(put.json);
  });

  test("is asked for by its topic", async () => {
    expect((await send("GET", "/v1/pushcert")).json).toEqual({
      error: "missing required query parameter: topic",
    });
    expect((await send("GET", "/v1/pushcert?topic=com.apple.mgmt.other")).status).toBe(500);
    expect((await send("DELETE", "/v1/pushcert")).status).toBe(405);
  });

  test("of a topic that nobody listens to would strand the fleet, and is refused with the number of its devices", async () => {
    const device = await enrolledDevice();
    await expect
      .poll(async () => (await ask("GET", `/api/v1/devices/${device.id}`)).json.state, { timeout: 20_000 })
      .toBe("enrolled");
    await expect
      .poll(
        () => env.DB.prepare("SELECT count(*) AS n FROM channels WHERE topic IS NOT NULL").first<number>("n"),
        {
          timeout: 20_000,
        },
      )
      .toBeGreaterThan(0);
    const root = await testIdentity({ commonName: "Root", isCa: true });
    const other = await testClient(root, "P-256", { topic: "com.apple.mgmt.External.other" });
    const put = await send("PUT", "/v1/pushcert", other.certificatePem + other.keyPem);
    expect([put.status, put.json.error]).toEqual([400, expect.stringContaining("accept_orphaned=")]);
  });

  test("of another kind, or without its key, is refused", async () => {
    const other = await testIdentity({ commonName: "somebody" });
    expect((await send("PUT", "/v1/pushcert", other.certificatePem + other.keyPem)).status).toBe(400);
    expect((await send("PUT", "/v1/pushcert", other.certificatePem)).status).toBe(400);
  });
});
