import { evictDurableObject } from "cloudflare:test";
import { pbkdf2Sync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
// What the alarm loads while it runs: an import that one object began cannot be awaited by another in this runtime.
import "../../src/device/results/rotate-admin.ts";
import { toBase64 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict } from "../../src/plist/value.ts";
import { ask, tokenFor } from "../support/admin.ts";
import { type AppleDevice, failed, plausibleAnswer } from "../support/apple-device.ts";
import { enrolledDevice, objectOf, toldBy } from "../support/fleet.ts";
import { goThrough, heldDevice, setUpWith } from "../support/setups.ts";

const rotate = (device: { id: string }, token?: string) =>
  ask("POST", `/api/v1/devices/${device.id}/escrow/managed-admin/rotate`, token ? { token } : {});

const escrowOf = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/devices/${device.id}/escrow/managed-admin`)).json;

/** Whether the account on the Mac opens with that password. */
function opensWith({ state }: AppleDevice, password: string): boolean {
  const read = readPlist(state.managedAdmin?.passwordHash ?? new Uint8Array());
  const parts = read.ok && ((read.value as PlistDict).get("SALTED-SHA512-PBKDF2") as PlistDict);
  const { entropy, salt, iterations } = Object.fromEntries(parts || []) as {
    entropy: Uint8Array;
    salt: Uint8Array;
    iterations: number;
  };
  return (
    pbkdf2Sync(password, salt, iterations, 128, "sha512").toString("base64") ===
    toBase64(new Uint8Array(entropy))
  );
}

let refuses = false;

async function macWithAdmin(): Promise<AppleDevice> {
  const mac = await heldDevice("mac", {
    policy: (command, channel) =>
      refuses && command.requestType === "SetAutoAdminPassword"
        ? failed(12080, "The account could not be changed.")
        : plausibleAnswer(command, channel),
  });
  await goThrough(mac);
  return mac;
}

beforeEach(async () => {
  refuses = false;
  await setUpWith({ setup_accounts: { administrator: { shortName: "it", fullName: "IT", hidden: true } } });
});

describe("the password of a managed administrator", () => {
  test("is replaced: the new one is in escrow before it is sent, and current once the Mac has taken it", async () => {
    const mac = await macWithAdmin();
    const before = (await escrowOf(mac)).value;
    expect(opensWith(mac, before)).toBe(true);

    const asked = await rotate(mac);
    expect(asked).toMatchObject({
      status: 202,
      json: { request_type: "DeviceInformation", state: "queued" },
    });
    await mac.converse();
    await evictDurableObject(objectOf(mac));
    await goThrough(mac).then((commands) => expect(commands).toEqual(["SetAutoAdminPassword"]));

    const { value, items } = await escrowOf(mac);
    expect(value).toMatch(/^\w{20}$/);
    expect(value).not.toBe(before);
    expect(items).toMatchObject([
      { value, confirmed: true },
      { value: before, confirmed: true },
    ]);
    expect(opensWith(mac, value)).toBe(true);
  });

  test("stays the current one when the Mac refuses the new one, which is kept too", async () => {
    const mac = await macWithAdmin();
    const before = (await escrowOf(mac)).value;
    refuses = true;

    await rotate(mac);
    await goThrough(mac);

    const { value, items } = await escrowOf(mac);
    expect(value).toBe(before);
    expect(items.map(({ confirmed }: { confirmed: boolean }) => confirmed)).toEqual([false, true]);
    expect(opensWith(mac, before)).toBe(true);
  });

  test("is rotated once however often it is asked for", async () => {
    const mac = await macWithAdmin();

    const [first, second] = [await rotate(mac), await rotate(mac)];
    expect(second.json.uuid).toBe(first.json.uuid);
    const commands = await goThrough(mac);

    expect(commands).toEqual(["DeviceInformation", "SetAutoAdminPassword"]);
    expect((await escrowOf(mac)).items).toHaveLength(2);
  });

  test("cannot be rotated on a Mac that has no such account, and an event says so", async () => {
    await setUpWith({ setup_accounts: null });
    const mac = await macWithAdmin();

    await rotate(mac);

    expect(await goThrough(mac)).toEqual(["DeviceInformation"]);
    const failures = (await toldBy(mac)).filter(({ name }) => name === "command.partly_failed");
    expect(failures.map(({ detail }) => detail)).toMatchObject([
      { part: "AutoSetupAdminAccounts", error: "the Mac has no managed administrator account" },
    ]);
    expect((await escrowOf(mac)).items).toEqual([]);
  });

  test("that an administrator chose is kept like one that the server made", async () => {
    const mac = await macWithAdmin();
    const GUID = mac.state.managedAdmin?.guid;

    const given = await ask("POST", `/api/v1/devices/${mac.id}/commands`, {
      json: { request_type: "SetAutoAdminPassword", payload: { GUID, password: "chosen by hand" } },
    });
    expect(given.status, given.text).toBe(201);
    await goThrough(mac);

    expect((await escrowOf(mac)).value).toBe("chosen by hand");
    expect(opensWith(mac, "chosen by hand")).toBe(true);
  });

  test("is refused for other devices, for unknown ones, and to viewers", async () => {
    const phone = await enrolledDevice("iphone", { ade: true });

    expect(await rotate(phone)).toMatchObject({
      status: 409,
      json: { detail: "only a Mac has a managed administrator" },
    });
    expect((await rotate({ id: "NOBODY" })).status).toBe(404);
    expect((await rotate(phone, await tokenFor("viewer"))).status).toBe(403);
  });
});
