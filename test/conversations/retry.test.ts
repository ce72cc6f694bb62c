import { env } from "cloudflare:workers";
// What the object loads while it is asked: an import that one object began cannot be awaited by another in this runtime.
import "../../src/device/desired/retry.ts";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, tokenFor } from "../support/admin.ts";
import { type AppleDevice, declarationsOf, failed, plausibleAnswer } from "../support/apple-device.ts";
import { appsLater, assignApps, saveApp } from "../support/apps.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import {
  activation,
  declare,
  declareNothingElse,
  echo,
  statesOf,
  synchronised,
} from "../support/declarative.ts";
import { enrolledDevice, invite } from "../support/fleet.ts";
import { goThrough, heldDevice, look, setUpWith, setupOf } from "../support/setups.ts";

// What failed on a device is tried again when a person asks for it, and not only when its time comes.

const again = (device: { id: string }, json: object = {}, token?: string) =>
  ask("POST", `/api/v1/devices/${device.id}/retry`, { json, ...(token && { token }) });
const profilesOf = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/devices/${device.id}/profiles`)).json.items;

async function follow(device: AppleDevice): Promise<string[]> {
  await settle(device);
  const turns = await device.converse();
  await settle(device);
  return turns.map(({ command }) => command.requestType);
}

/** It refuses commands of that kind until it is willing. */
function unwilling(requestType: string) {
  const mood = { isWilling: false };
  const policy: Parameters<typeof enrolledDevice>[1] = {
    policy: (command, channel) =>
      !mood.isWilling && command.requestType === requestType
        ? failed(4001, "Not now, and not in this way.", "MCInstallationErrorDomain")
        : plausibleAnswer(command, channel),
  };
  return { mood, policy };
}

beforeAll(async () => {
  await invite();
});

describe("a profile that a device refused", () => {
  test("is sent again at once, by the help desk too; asked twice, it is sent once", async () => {
    await libraryProfile("com.example.again");
    const { mood, policy } = unwilling("InstallProfile");
    const mac = await enrolledDevice("mac", policy);
    await settle(mac);
    await putSet("again", { profiles: ["com.example.again"] });
    await giveSets(mac, ["again"]);
    await follow(mac);
    expect(await profilesOf(mac)).toMatchObject([{ state: "failed", attempts: 1 }]);
    expect(await follow(mac)).toEqual([]);

    mood.isWilling = true;
    const helpdesk = await tokenFor("helpdesk");
    const first = await again(mac, { kind: "profile", name: "com.example.again" }, helpdesk);
    const second = await again(mac, { kind: "profile", name: "com.example.again" }, helpdesk);

    expect(first.status, first.text).toBe(202);
    expect(first.json.items).toEqual([{ kind: "profile", name: "com.example.again", channel: null }]);
    expect(second.json.items).toEqual([]);
    expect(await profilesOf(mac)).toMatchObject([{ state: "pending" }]);
    expect(await follow(mac)).toEqual(["InstallProfile"]);
    expect(await profilesOf(mac)).toMatchObject([{ state: "installed", reason: null, attempts: 0 }]);
  });

  test("stays as it is when another one is named, and a viewer may not ask", async () => {
    await libraryProfile("com.example.named");
    const { policy } = unwilling("InstallProfile");
    const mac = await enrolledDevice("mac", policy);
    await settle(mac);
    await putSet("named", { profiles: ["com.example.named"] });
    await giveSets(mac, ["named"]);
    await follow(mac);

    expect((await again(mac, { kind: "profile", name: "com.example.other" })).json.items).toEqual([]);
    expect((await again(mac, { kind: "app", name: "com.example.named" })).json.items).toEqual([]);
    expect((await again(mac, { channel: "somebody" })).json.items).toEqual([]);
    expect((await again(mac, {}, await tokenFor("viewer"))).status).toBe(403);
    expect(await follow(mac)).toEqual([]);
    expect(await profilesOf(mac)).toMatchObject([{ state: "failed" }]);
  });

  test("on a device that left is not tried again, and an unknown device is not found", async () => {
    const mac = await enrolledDevice("mac");
    await mac.checkOut();

    const left = await again(mac);
    expect([left.status, left.json.detail]).toEqual([
      409,
      "the device is unenrolled; only an enrolled one tries again",
    ]);
    expect((await again({ id: "no-such-device" })).status).toBe(404);
    expect((await again(mac, { kind: "everything" })).status).toBe(400);
  });
});

test("an app that a device refused is installed again at once", async () => {
  const { mood, policy } = unwilling("InstallApplication");
  const ipad = await enrolledDevice("ipad", policy);
  await settle(ipad);
  const source = {
    manifest: { url: "https://files.example.com/a.plist", bundle_id: "com.example.from-manifest" },
  };
  await saveApp("refused-app", { source });
  await assignApps("apps-again", ["refused-app"], [ipad]);
  await follow(ipad);
  const appsOf = async () => (await ask("GET", `/api/v1/devices/${ipad.id}/assigned-apps`)).json.items;
  expect(await appsOf()).toMatchObject([{ state: "failed", reason: expect.stringContaining("Not now") }]);
  expect(await follow(ipad)).not.toContain("InstallApplication");

  mood.isWilling = true;
  expect((await again(ipad)).json.items).toEqual([{ kind: "app", name: "refused-app", channel: null }]);
  await settle(ipad);
  expect(await appsOf()).toMatchObject([{ state: "pending", reason: null }]);
  expect((await again(ipad)).json.items).toEqual([]);
  expect(await follow(ipad)).toContain("InstallApplication");
  await appsLater(ipad);
  await follow(ipad);
  expect(await appsOf()).toMatchObject([{ state: "installed", reason: null }]);
});

test("a declaration that a device finds invalid is fetched once more, and the directory sees the same version", async () => {
  await declareNothingElse();
  const phone = await enrolledDevice("iphone");
  const unknown = { identifier: "odd", type: "com.apple.configuration.of-the-future", payload: { Of: "it" } };
  await declare(phone, [unknown, echo("plain"), activation("act", ["odd", "plain"])]);
  await synchronised(phone);
  await settle(phone);
  expect(await statesOf(phone)).toMatchObject({ odd: "invalid", plain: "active" });
  const { kept } = declarationsOf(phone);
  const [odd, plain] = [kept.get("odd")?.ServerToken, kept.get("plain")?.ServerToken];
  const known = async () =>
    (
      await env.DB.prepare(
        "SELECT server_token FROM declaration_states WHERE device_id = ? AND identifier = 'odd'",
      )
        .bind(phone.id)
        .first<{ server_token: string }>()
    )?.server_token;
  expect(await known()).toBe(odd);

  let before = odd;
  for (const _time of ["first", "second"]) {
    const { json } = await again(phone, { kind: "declaration", name: "odd" });
    expect(json.items).toEqual([{ kind: "declaration", name: "odd", channel: null }]);
    await settle(phone);
    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);
    await settle(phone);

    const token = kept.get("odd")?.ServerToken ?? "";
    expect(token).not.toBe(before);
    expect(token.toLowerCase()).toBe(odd);
    before = token;
    expect(kept.get("plain")?.ServerToken).toBe(plain);
    expect(await statesOf(phone)).toMatchObject({ odd: "invalid", plain: "active" });
    expect(await known()).toBe(odd);
  }
  await settle(phone);
  expect(await synchronised(phone)).toEqual([]);
});

describe("while a device is held in Setup Assistant", () => {
  beforeEach(() =>
    setUpWith({ setup_accounts: null, setup_recovery_lock: true, setup_minutes: 10, setup_step_minutes: 5 }),
  );

  test("a step that failed is tried again, and the device waits for it", async () => {
    const { mood, policy } = unwilling("SetRecoveryLock");
    const slow = { isSlow: true };
    await libraryProfile("com.example.slow");
    await putSet("slow", { profiles: ["com.example.slow"], filter: { platform: "macos" } });
    const mac = await heldDevice("mac", {
      policy: (command, channel) =>
        slow.isSlow && command.requestType === "InstallProfile"
          ? { status: "NotNow" }
          : (policy?.policy?.(command, channel) ?? plausibleAnswer(command, channel)),
    });
    await goThrough(mac);
    const stepOf = async (wanted: string) =>
      (await setupOf(mac)).steps.find(({ name }: { name: string }) => name === wanted);
    expect(await setupOf(mac)).toMatchObject({ state: "running" });
    expect(await stepOf("recovery-lock")).toMatchObject({ state: "failed" });

    mood.isWilling = true;
    const { json } = await again(mac, { kind: "setup-step", name: "recovery-lock" });
    expect(json.items).toEqual([{ kind: "setup-step", name: "recovery-lock", channel: null }]);
    expect(await stepOf("recovery-lock")).toMatchObject({ state: "running", error: null, holds: true });
    await look(mac);
    slow.isSlow = false;

    expect(await goThrough(mac)).toContain("SetRecoveryLock");
    expect(await stepOf("recovery-lock")).toMatchObject({ state: "done" });
    expect(await setupOf(mac)).toMatchObject({ state: "released", released_by: "complete" });
    await ask("DELETE", "/api/v1/sets/slow?force=true");
  });
});

describe("a command that came to nothing", () => {
  const give = (device: AppleDevice, json: object) =>
    ask("POST", `/api/v1/devices/${device.id}/commands?push=false&validate=off`, { json });
  const repeat = (device: AppleDevice, uuid: string, token?: string) =>
    ask("POST", `/api/v1/devices/${device.id}/commands/${uuid}/retry`, token ? { token } : {});

  test("is given again with the same content, and asked twice it is given once", async () => {
    const { mood, policy } = unwilling("DeviceLock");
    const phone = await enrolledDevice("iphone", policy);
    await follow(phone);
    const { uuid } = (await give(phone, { request_type: "DeviceLock", payload: { Message: "Call us" } }))
      .json;
    await follow(phone);

    mood.isWilling = true;
    const helpdesk = await tokenFor("helpdesk");
    const [first, second] = [await repeat(phone, uuid, helpdesk), await repeat(phone, uuid, helpdesk)];

    expect(first.status, first.text).toBe(202);
    expect(first.json).toMatchObject({ request_type: "DeviceLock", state: "queued" });
    expect(first.json.uuid).not.toBe(uuid);
    expect(second.json.uuid).toBe(first.json.uuid);
    const [turn] = await phone.converse();
    expect(turn?.command.requestType).toBe("DeviceLock");
    const { json } = await ask("GET", `/api/v1/devices/${phone.id}/commands/${first.json.uuid}`);
    expect(json).toMatchObject({ state: "acknowledged", payload: { Message: "Call us" } });

    const done = await repeat(phone, first.json.uuid);
    expect([done.status, done.json.detail]).toEqual([
      409,
      "the command is acknowledged; only one that failed, expired or was cancelled is tried again",
    ]);
    expect((await repeat(phone, uuid)).status).toBe(409);
  });

  test("is given again only by those who may give it, and never in the server's place", async () => {
    const phone = await enrolledDevice("iphone", unwilling("EraseDevice").policy);
    await follow(phone);
    const { uuid } = (await give(phone, { request_type: "EraseDevice" })).json;
    await phone.converse();

    expect((await repeat(phone, uuid, await tokenFor("operator"))).status).toBe(403);
    expect((await repeat(phone, uuid, await tokenFor("viewer"))).status).toBe(403);
    expect((await repeat(phone, "nothing-of-that-name")).status).toBe(404);

    await libraryProfile("com.example.own");
    const mac = await enrolledDevice("mac", unwilling("InstallProfile").policy);
    await settle(mac);
    await putSet("own", { profiles: ["com.example.own"] });
    await giveSets(mac, ["own"]);
    await follow(mac);
    const { items } = (await ask("GET", `/api/v1/devices/${mac.id}/commands`)).json;
    const own = items.find(({ request_type }: { request_type: string }) => request_type === "InstallProfile");
    const refused = await repeat(mac, own.uuid);
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      "the server gave this command by itself (assignment); what it was for is tried again with POST /devices/{id}/retry",
    ]);
  });
});
