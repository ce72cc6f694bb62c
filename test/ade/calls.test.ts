import { expect, test } from "vitest";
import { devicesPerCall } from "../../src/ade/account.ts";
import {
  accountCall,
  activationLockCall,
  betaTokensCall,
  defineProfileCall,
  getDiscoveryCall,
  getProfileCall,
  removeDiscoveryCall,
  replacementCall,
  setDiscoveryCall,
} from "../../src/ade/calls.ts";
import { assignProfile, deviceDetails, disownDevices, unassignProfile } from "../../src/ade/device-calls.ts";
import { clock, talkToApple } from "./apple.ts";

const profile = { profile_name: "Schools", url: "https://mdm.example.com/enroll/ade", is_supervised: true };
const serialsOf = (devices: readonly { serial_number: string }[]) =>
  devices.map(({ serial_number }) => serial_number);

test("the account tells whose token it is, and how much may be asked at once", async () => {
  const { server, client } = talkToApple();

  const account = await client.call(accountCall());

  expect(account).toMatchObject({
    ok: true,
    value: { server_uuid: server.uuid, server_name: "edgemdm", org_name: "Example GmbH", org_type: "org" },
  });
  if (!account.ok) return;
  expect(devicesPerCall(account.value, "/server/devices")).toBe(1000);
  expect(
    devicesPerCall(
      { ...account.value, urls: [{ uri: "/devices", http_method: ["POST"], limit: { maximum: 50 } }] },
      "/devices",
    ),
  ).toBe(50);
  expect(
    devicesPerCall(
      { ...account.value, urls: [{ uri: "/devices", http_method: ["POST"], limit: { maximum: 5000 } }] },
      "/devices",
    ),
  ).toBe(1000);
});

test("a profile is defined, read back, assigned, seen by the device and taken away", async () => {
  const { server, client } = talkToApple();
  const [serial = ""] = serialsOf(server.addDevices(1));

  const defined = await client.call(defineProfileCall({ ...profile, is_return_to_service: true }));
  if (!defined.ok) throw new Error(defined.refusal.detail);
  const { profile_uuid } = defined.value;
  expect(await client.call(getProfileCall(profile_uuid))).toEqual({
    ok: true,
    value: { ...profile, is_return_to_service: true, await_device_configured: true, profile_uuid },
  });

  expect((await assignProfile(client, profile_uuid, [serial])).answers).toEqual(
    new Map([[serial, "SUCCESS"]]),
  );
  expect((await deviceDetails(client, [serial])).answers.get(serial)).toMatchObject({
    profile_status: "assigned",
    profile_uuid,
    response_status: "SUCCESS",
  });
  expect(server.activate(serial)).toMatchObject(profile);
  expect((await deviceDetails(client, [serial])).answers.get(serial)?.profile_status).toBe("pushed");

  expect((await unassignProfile(client, [serial], profile_uuid)).answers.get(serial)).toBe("SUCCESS");
  expect(server.activate(serial)).toBeUndefined();
});

test("a profile that Apple does not know is not found, asked for at 400 and given at 404", async () => {
  const { server, client } = talkToApple();
  const [serial = ""] = serialsOf(server.addDevices(1));

  expect(await client.call(getProfileCall("gone"))).toMatchObject({
    refusal: { reason: "profile-not-found", status: 400, code: "NOT_FOUND" },
  });
  expect((await assignProfile(client, "gone", [serial])).refusal).toMatchObject({
    reason: "profile-not-found",
    status: 404,
  });
  expect(await client.call(getProfileCall(""))).toMatchObject({ refusal: { code: "PROFILE_UUID_REQUIRED" } });
});

test("each device has an outcome of its own, and the throttled ones say when", async () => {
  clock();
  const { server, client } = talkToApple();
  server.profiles.set("P1", {});
  const [good = "", throttled = "", failing = "", hidden = ""] = serialsOf(server.addDevices(4));
  server.throttle(throttled, 900);
  server.fail(failing, 1);
  server.notAccessible(hidden);

  const batch = await assignProfile(client, "P1", [good, throttled, failing, hidden, "NOBODYS", good]);

  expect(Object.fromEntries(batch.answers)).toEqual({
    [good]: "SUCCESS",
    [throttled]: "THROTTLED",
    [failing]: "FAILED",
    [hidden]: "NOT_ACCESSIBLE",
    NOBODYS: "NOT_ACCESSIBLE",
  });
  expect(batch.retryAfterSeconds).toBe(900);
  expect((await assignProfile(client, "P1", [failing])).answers.get(failing)).toBe("SUCCESS");
});

test("a device that the answer leaves out has failed", async () => {
  const { apple, client } = talkToApple();
  apple.answerNext("/profile/devices", () =>
    Response.json({ devices: { A: "SUCCESS", B: 7, C: "DELIGHTED" } }),
  );

  const { answers } = await assignProfile(client, "P1", ["A", "B", "C", "D", "__proto__"]);

  expect([...answers.values()]).toEqual(["SUCCESS", "FAILED", "FAILED", "FAILED", "FAILED"]);
});

test("2,500 devices are three calls, and what came before a refusal is kept", async () => {
  const { apple, server, client } = talkToApple();
  server.profiles.set("P1", {});
  const serials = serialsOf(server.addDevices(2500));

  expect((await assignProfile(client, "P1", serials)).answers.size).toBe(2500);
  expect(apple.count("/profile/devices")).toBe(3);

  apple.answerNext("/devices", () => new Response("T_C_NOT_SIGNED", { status: 403 }), 1);
  const details = await deviceDetails(client, serials);
  expect(details.refusal).toMatchObject({ reason: "terms-not-accepted" });
  expect(details.answers.size).toBe(1000);
});

test("no devices are no call", async () => {
  const { apple, client } = talkToApple();

  expect(await disownDevices(client, [])).toMatchObject({ answers: new Map(), refusal: undefined });
  expect(apple.requests).toEqual([]);
});

test("a device is disowned where the portal allows it", async () => {
  const { apple, server, client } = talkToApple();
  const [serial = ""] = serialsOf(server.addDevices(1));
  apple.knobs.mayDisown = false;
  expect((await disownDevices(client, [serial])).refusal).toMatchObject({
    reason: "access-denied",
    status: 403,
  });

  apple.knobs.mayDisown = true;
  expect((await disownDevices(client, [serial, "NOBODYS"])).answers).toEqual(
    new Map([
      [serial, "SUCCESS"],
      ["NOBODYS", "NOT_ACCESSIBLE"],
    ]),
  );
  expect(server.devices.size).toBe(0);
});

test("a device is locked once", async () => {
  const { server, client } = talkToApple();
  const [mac = "", , , television = ""] = serialsOf(server.addDevices(4));
  const lock = async (device: string) => {
    const answer = await client.call(
      activationLockCall({ device, escrow_key: "ab".repeat(32), lost_message: "Lost" }),
    );
    return answer.ok ? answer.value.response_status : answer.refusal.code;
  };

  expect(await lock(mac)).toBe("SUCCESS");
  expect(await lock(mac)).toBe("DEVICE_ALREADY_LOCKED");
  expect(await lock(television)).toBe("DEVICE_NOT_SUPPORTED");
  expect(await lock("NOBODYS")).toBe("NOT_ACCESSIBLE");
  expect(await client.call(activationLockCall({ device: mac, escrow_key: "zz" }))).toMatchObject({
    refusal: { reason: "request-refused", code: "MALFORMED_REQUEST_BODY" },
  });
});

test("a replacement names the device that it replaces", async () => {
  const { server, client } = talkToApple();
  const [broken = ""] = serialsOf(server.addDevices(1));
  const { serial_number } = server.replace(broken);

  expect(await client.call(replacementCall(serial_number))).toMatchObject({
    ok: true,
    value: { serial_number, original_device_serial_number: broken },
  });
  expect(await client.call(replacementCall("OTHER"))).toMatchObject({
    refusal: { reason: "device-not-found", code: "DEVICE_NOT_FOUND" },
  });
});

test("beta tokens are listed under either name, or off", async () => {
  const { apple, client } = talkToApple();

  const tokens = await client.call(betaTokensCall());
  expect(tokens.ok && tokens.value.map(({ os }) => os)).toEqual(["iOS", "OSX"]);

  apple.answerNext("/os-beta-enrollment/tokens", () =>
    Response.json({ seedBuildTokens: [{ os: "tvOS", token: "t" }, 5] }),
  );
  expect(await client.call(betaTokensCall())).toEqual({
    ok: true,
    value: [{ os: "tvOS", title: "", token: "t" }],
  });

  apple.knobs.seedOff = true;
  expect(await client.call(betaTokensCall())).toMatchObject({ refusal: { reason: "beta-turned-off" } });
});

test("the address for account-driven enrollment is set, read and removed", async () => {
  const { apple, client } = talkToApple();
  const url = "https://mdm.example.com/.well-known/com.apple.remotemanagement";

  expect(await client.call(getDiscoveryCall())).toMatchObject({ refusal: { reason: "discovery-not-set" } });
  expect(await client.call(setDiscoveryCall(url))).toEqual({ ok: true, value: true });
  expect(await client.call(getDiscoveryCall())).toMatchObject({ value: { mdm_service_discovery_url: url } });
  expect(await client.call(removeDiscoveryCall())).toEqual({ ok: true, value: true });
  expect(await client.call(setDiscoveryCall("http://mdm.example.com"))).toMatchObject({
    refusal: { reason: "discovery-url-refused", code: "MDM_SERVICE_DISCOVERY_URL_NOT_VALID" },
  });

  apple.knobs.organisationNotSupported = true;
  expect(await client.call(getDiscoveryCall())).toMatchObject({
    refusal: { reason: "organisation-not-supported" },
  });
});
