import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { escrowCertificate } from "../../src/enrollment/escrow-certificates.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { done } from "../support/apple-device/answers/command.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { failed, plausibleAnswer } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, rewrite, toldBy } from "../support/fleet.ts";
import { goThrough, heldDevice, setUpWith } from "../support/setups.ts";
import { testIdentity } from "../support/test-pki.ts";

// A secret that somebody has read is changed on the Mac after a while, and the device shows so until it is done.

const hour = 3_600_000;

const setHours = async (escrow_rotation_hours: number) => {
  const set = await ask("PATCH", "/api/v1/settings", { json: { escrow_rotation_hours } });
  expect(set.status, set.text).toBe(200);
};
beforeEach(() => setHours(24));

const read = async (mac: AppleDevice, name: string) =>
  (await ask("GET", `/api/v1/devices/${mac.id}/escrow/${name}`)).json.value as string | null;
const shown = async (mac: AppleDevice) => (await ask("GET", `/api/v1/devices/${mac.id}`)).json;
const rotations = async (mac: AppleDevice) => (await shown(mac)).rotations;
const told = async (mac: AppleDevice, name: string) =>
  (await toldBy(mac)).filter((event) => event.name === name).map(({ detail }) => detail);

/** So much later the object's alarm fires. */
async function later(mac: AppleDevice, ms: number): Promise<void> {
  await runInDurableObject(objectOf(mac), (_, state) => state.storage.setAlarm(Date.now()));
  await rewrite(mac, "UPDATE rotations SET due_at = due_at - ?, look_at = look_at - ?", ms, ms);
  await alarmOf(mac);
}

/** A Mac whose recovery key is in escrow. */
async function encryptedMac(): Promise<AppleDevice> {
  const mac = await enrolledDevice("mac");
  mac.state.escrowCertificate = await escrowCertificate(env);
  await give(mac, "SecurityInfo");
  await mac.converse();
  await alarmOf(mac);
  return mac;
}

/** A Mac whose recovery lock is in escrow. */
async function lockedMac(): Promise<AppleDevice> {
  const mac = await enrolledDevice("mac");
  const given = await ask("POST", `/api/v1/devices/${mac.id}/commands?push=false`, {
    json: { request_type: "SetRecoveryLock" },
  });
  expect(given.status, given.text).toBe(201);
  await mac.converse();
  await alarmOf(mac);
  return mac;
}

test("a FileVault key that was read is changed a day later, and the new one is in escrow", async () => {
  const mac = await encryptedMac();
  const before = mac.state.recoveryKey;
  expect(await read(mac, "filevault-key")).toBe(before);

  const [due] = await rotations(mac);
  expect(due).toMatchObject({ name: "filevault-key", state: "due", attempts: 0, command_uuid: null });
  const waits = Date.parse(due.rotation_due) - Date.parse(due.read_at);
  expect(Math.round(waits / 60_000)).toBe(24 * 60);

  await later(mac, 23 * hour);
  expect((await mac.idle()).command?.requestType).not.toBe("RotateFileVaultKey");
  await later(mac, hour);
  expect(await rotations(mac)).toMatchObject([{ state: "under_way", command_uuid: expect.any(String) }]);
  await mac.converse();
  await alarmOf(mac);

  expect(mac.state.recoveryKey).not.toBe(before);
  expect(await rotations(mac)).toEqual([]);
  expect(await told(mac, "escrow.rotated")).toEqual([{ name: "filevault-key" }]);
  const { items } = (await ask("GET", `/api/v1/devices/${mac.id}/escrow/filevault-key`)).json;
  expect(items.map(({ value }: { value: string }) => value)).toEqual([mac.state.recoveryKey, before]);
});

test("a recovery lock that was read is changed, with the present one as proof", async () => {
  const mac = await lockedMac();
  const before = await read(mac, "recovery-lock");
  expect(before).toBe(mac.state.recoveryLock);

  await later(mac, 25 * hour);
  await mac.converse();
  await alarmOf(mac);

  expect(mac.state.recoveryLock).toMatch(/^\w{20}$/);
  expect(mac.state.recoveryLock).not.toBe(before);
  expect(await rotations(mac)).toEqual([]);
  expect(await read(mac, "recovery-lock")).toBe(mac.state.recoveryLock);
});

test("a managed administrator's password that was read is changed, after the Mac was asked for the account", async () => {
  await setUpWith({ setup_accounts: { administrator: { shortName: "it", fullName: "IT", hidden: true } } });
  const mac = await heldDevice("mac");
  await goThrough(mac);
  await setUpWith({ setup_accounts: null });
  const before = await read(mac, "managed-admin");
  const hash = mac.state.managedAdmin?.passwordHash;

  await later(mac, 24 * hour);
  const { command: question } = await mac.idle();
  expect(question?.requestType).toBe("DeviceInformation");
  await mac.converse();
  await alarmOf(mac);
  expect(await rotations(mac)).toMatchObject([{ name: "managed-admin", state: "under_way" }]);
  await mac.converse();
  await alarmOf(mac);

  expect(mac.state.managedAdmin?.passwordHash).not.toEqual(hash);
  expect(await rotations(mac)).toEqual([]);
  expect(await told(mac, "escrow.rotated")).toEqual([{ name: "managed-admin" }]);
  expect(await read(mac, "managed-admin")).not.toBe(before);
});

test("what is read again is changed once, at the first time", async () => {
  const mac = await lockedMac();
  await read(mac, "recovery-lock");
  const [first] = await rotations(mac);
  await read(mac, "recovery-lock");

  expect((await rotations(mac)).map(({ rotation_due }: { rotation_due: string }) => rotation_due)).toEqual([
    first.rotation_due,
  ]);
  await setHours(1);
  await read(mac, "recovery-lock");
  const [sooner] = await rotations(mac);
  expect(Date.parse(sooner.rotation_due)).toBeLessThan(Date.parse(first.rotation_due));
});

test("what was changed by hand meanwhile is not changed again", async () => {
  const mac = await lockedMac();
  await read(mac, "recovery-lock");
  await ask("POST", `/api/v1/devices/${mac.id}/commands?push=false`, {
    json: { request_type: "SetRecoveryLock" },
  });
  await mac.converse();
  const byHand = mac.state.recoveryLock;

  expect(await rotations(mac)).toEqual([]);
  await later(mac, 25 * hour);
  await mac.converse();

  expect(mac.state.recoveryLock).toBe(byHand);
  await alarmOf(mac);
  expect(await told(mac, "escrow.rotated")).toEqual([{ name: "recovery-lock" }]);
});

test("a change by hand that waits is waited for", async () => {
  const mac = await lockedMac();
  await read(mac, "recovery-lock");
  await ask("POST", `/api/v1/devices/${mac.id}/commands?push=false`, {
    json: { request_type: "SetRecoveryLock" },
  });

  await later(mac, 25 * hour);

  expect(await rotations(mac)).toMatchObject([{ state: "due", attempts: 0 }]);
  await mac.converse();
  expect(await rotations(mac)).toEqual([]);
});

test("what fails is shown, tried again, given up after six times, and begun again when it is read", async () => {
  const mac = await lockedMac();
  await read(mac, "recovery-lock");
  const refuse = () =>
    mac.converse((command, channel) =>
      command.requestType === "SetRecoveryLock"
        ? failed(12021, "Not on this Mac.")
        : plausibleAnswer(command, channel),
    );
  await later(mac, 24 * hour);
  for (let attempt = 1; attempt <= 6; attempt++) {
    await refuse();
    expect(await rotations(mac)).toMatchObject([
      { state: "failed", attempts: attempt, error: expect.stringContaining("Not on this Mac.") },
    ]);
    await later(mac, 24 * hour);
  }

  expect(await rotations(mac)).toMatchObject([{ state: "failed", attempts: 6, next_at: null }]);
  expect(await told(mac, "escrow.rotation_failed")).toHaveLength(6);
  expect((await told(mac, "escrow.rotation_failed")).at(-1)).toMatchObject({ given_up: true });
  await read(mac, "recovery-lock");
  expect(await rotations(mac)).toMatchObject([{ state: "due", attempts: 0, error: null }]);
});

test("a cancelled command is a failure that is tried again", async () => {
  const mac = await lockedMac();
  await read(mac, "recovery-lock");
  await later(mac, 24 * hour);
  const [{ command_uuid: uuid }] = await rotations(mac);

  await ask("DELETE", `/api/v1/devices/${mac.id}/commands/${uuid}`);

  expect(await rotations(mac)).toMatchObject([
    { state: "failed", attempts: 1, error: expect.stringContaining("cancelled") },
  ]);
  await later(mac, 24 * hour);
  await mac.converse();
  expect(await rotations(mac)).toEqual([]);
});

test("a new key that comes back encrypted to somebody else is no success", async () => {
  const mac = await encryptedMac();
  await read(mac, "filevault-key");
  await later(mac, 24 * hour);

  await mac.converse((command, channel) => {
    if (command.requestType !== "RotateFileVaultKey") return plausibleAnswer(command, channel);
    return done({ RotateResult: { EncryptedNewRecoveryKey: new Uint8Array([0x30, 0x00]) } });
  });
  await alarmOf(mac);

  expect(await rotations(mac)).toMatchObject([
    { name: "filevault-key", state: "failed", error: expect.stringContaining("no new secret came") },
  ]);
  expect((await ask("GET", `/api/v1/devices/${mac.id}/escrow`)).json.items).toHaveLength(1);
});

describe("nothing is changed", () => {
  test("where the setting is 0", async () => {
    await setHours(0);
    const mac = await lockedMac();
    await read(mac, "recovery-lock");

    expect(await rotations(mac)).toEqual([]);
  });

  test("because of a list, of a refused reading, or of a secret that no command changes", async () => {
    const mac = await lockedMac();
    await mac.setBootstrapToken();
    await ask("GET", `/api/v1/devices/${mac.id}/escrow`);
    const token = await tokenFor("operator");
    expect((await ask("GET", `/api/v1/devices/${mac.id}/escrow/recovery-lock`, { token })).status).toBe(403);
    await read(mac, "bootstrap-token");
    await read(mac, "filevault-key");

    expect(await rotations(mac)).toEqual([]);
  });

  test("on a Mac that has left, and a secret of an earlier enrollment is history", async () => {
    const mac = await lockedMac();
    await read(mac, "recovery-lock");
    await mac.checkOut();

    await later(mac, 25 * hour);

    expect((await objectOf(mac).listCommands("", 10)).ok).toBe(true);
    expect(await told(mac, "escrow.rotated")).toEqual([]);
    expect(await told(mac, "escrow.rotation_failed")).toEqual([]);
  });
});

describe("a Mac's recovery key", () => {
  const keyOf = async (mac: AppleDevice) => (await shown(mac)).file_vault_key;
  const tell = async (mac: AppleDevice) => {
    await give(mac, "SecurityInfo");
    await mac.converse();
    await alarmOf(mac);
  };
  const isEscrowed = (mac: AppleDevice) =>
    env.DB.prepare("SELECT has_filevault_key AS has FROM devices WHERE id = ?").bind(mac.id).first("has");

  test("is proven where it comes encrypted to this server", async () => {
    const mac = await encryptedMac();

    expect(await keyOf(mac)).toMatchObject({ state: "proven", since: expect.any(String) });
    expect(await isEscrowed(mac)).toBe(1);
  });

  test("that is encrypted to somebody else is not kept, and shown as unreadable until it can be read", async () => {
    const mac = await encryptedMac();
    mac.state.escrowCertificate = (
      await testIdentity({ commonName: "Somebody Else", key: "RSA-2048" })
    ).certificate.der;
    mac.state.recoveryKey = "9999-8888-7777-6666-5555-4444";

    await tell(mac);

    expect(await keyOf(mac)).toMatchObject({ state: "unreadable" });
    expect((await ask("GET", `/api/v1/devices/${mac.id}/escrow`)).json.items).toHaveLength(1);
    expect(await told(mac, "escrow.unproven")).toEqual([{ name: "filevault-key", state: "unreadable" }]);
    expect(await isEscrowed(mac)).toBe(0);

    mac.state.escrowCertificate = await escrowCertificate(env);
    await tell(mac);

    expect(await keyOf(mac)).toMatchObject({ state: "proven" });
    expect(await isEscrowed(mac)).toBe(1);
  });

  test("that is not sent is shown as such, and the one in escrow still counts", async () => {
    const mac = await encryptedMac();
    mac.state.escrowCertificate = undefined;

    await tell(mac);
    await tell(mac);

    expect(await keyOf(mac)).toMatchObject({ state: "not-sent" });
    expect(await told(mac, "escrow.unproven")).toEqual([{ name: "filevault-key", state: "not-sent" }]);
    expect(await isEscrowed(mac)).toBe(1);
  });
});

describe("a secret that a person has changed now", () => {
  const change = (mac: { id: string }, name: string, token?: string) =>
    ask("POST", `/api/v1/devices/${mac.id}/escrow/${name}/rotate`, token ? { token } : {});

  test("is another one as soon as the Mac has answered; asked twice, it is changed once", async () => {
    const mac = await encryptedMac();
    const before = await read(mac, "filevault-key");

    const first = await change(mac, "filevault-key", await tokenFor("operator"));
    expect(first.status, first.text).toBe(202);
    expect(first.json).toMatchObject({ name: "filevault-key", state: "due", attempts: 0 });
    await alarmOf(mac);
    expect((await change(mac, "filevault-key")).json).toMatchObject({ state: "under_way" });
    const turns = await mac.converse();
    expect(turns.filter(({ command }) => command.requestType === "RotateFileVaultKey")).toHaveLength(1);
    await alarmOf(mac);
    await alarmOf(mac);

    const after = await read(mac, "filevault-key");
    expect(after).toMatch(/\w/);
    expect(after).not.toBe(before);
    expect(await told(mac, "escrow.rotated")).toEqual([{ name: "filevault-key" }]);
  });

  test("is not begun by a help desk, without a value, or for what the server cannot change", async () => {
    const mac = await lockedMac();

    expect((await change(mac, "recovery-lock", await tokenFor("helpdesk"))).status).toBe(403);
    const none = await change(mac, "filevault-key");
    expect([none.status, none.json.detail]).toEqual([
      409,
      "no filevault-key of this enrollment is known, which the change needs",
    ]);
    expect((await change(mac, "bootstrap-token")).status).toBe(400);
    expect((await change({ id: "no-such-device" }, "recovery-lock")).status).toBe(404);
    expect(await rotations(mac)).toEqual([]);
  });
});
