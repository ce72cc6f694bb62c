import { beforeAll, describe, expect, test, vi } from "vitest";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { ask } from "../support/admin.ts";
import type { AppleDeviceOptions, FlavourName } from "../support/apple-device.ts";
import { type AppleDevice, failed } from "../support/apple-device.ts";
import { eventually } from "../support/eventually.ts";
import { alarmOf, enrolledDevice, give, newDevice, objectOf, outboxOf, stateOf } from "../support/fleet.ts";
import { invitation, open, readyToEnroll, setEnrollment } from "../support/invitations.ts";

const day = 24 * 60 * 60_000;

beforeAll(readyToEnroll);

async function enrolledByProfile(
  flavour: FlavourName = "mac",
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour, options);
  const { code } = await invitation();
  await device.enroll({ profile: (await open(`/enroll/profile?code=${code}`)).bytes });
  return device;
}

/** Lets the object do what is due at that moment. */
async function atTime(now: number, act: () => Promise<unknown>): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now });
  try {
    await act();
  } finally {
    vi.useRealTimers();
  }
}

const renewalOf = async (device: { id: string }) =>
  (await ask("GET", `/api/v1/devices/${device.id}`)).json.identity_renewal;

const printOf = (device: AppleDevice) => fingerprint(device.identity.certificate);

describe("an identity that nears its end", () => {
  test("is renewed by the enrollment profile, and queue, tokens and escrow stay", async () => {
    const device = await enrolledByProfile("mac");
    await device.setBootstrapToken();
    const before = await printOf(device);
    await alarmOf(device);
    expect(await renewalOf(device)).toMatchObject({ state: "not_due", due_at: expect.any(String) });

    const due = Date.parse((await renewalOf(device)).due_at);
    await atTime(due + day, async () => {
      const waiting = await give(device, "ProfileList");
      await alarmOf(device);
      expect(await renewalOf(device)).toMatchObject({ state: "under_way", command_uuid: expect.any(String) });
      await device.converse();

      expect(await printOf(device)).not.toBe(before);
      expect(await stateOf(device, waiting)).toBe("acknowledged");
      expect((await device.getBootstrapToken()).token).toEqual(device.bootstrapToken);
      await alarmOf(device);
      await eventually(async () => expect((await renewalOf(device)).state).toBe("not_due"));
      expect(await objectOf(device).describe()).toMatchObject({ generation: 1, state: "enrolled" });
    });
  });

  test("keeps the keys of its enrollment, whatever the settings say by then", async () => {
    const device = await enrolledByProfile("iphone");
    const given = device.line.managed;
    await setEnrollment({ mdm: { AccessRights: 1, CheckInURL: "https://mdm.example.com/checkin" } });

    await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
    const uuid = (await renewalOf(device)).command_uuid;
    await device.converse();
    await setEnrollment({ mdm: { AccessRights: 8191, CheckInURL: null } });

    expect(await stateOf(device, uuid)).toBe("acknowledged");
    expect(device.line.managed).toMatchObject({
      accessRights: given.accessRights,
      checkInUrl: given.checkInUrl,
      profileIdentifier: given.profileIdentifier,
    });
  });

  test("is tried again at growing intervals when the device cannot install the profile", async () => {
    const refuses: AppleDeviceOptions["policy"] = () => failed(4001, "no room");
    const device = await enrolledByProfile("ipad", { policy: refuses });
    await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);

    await device.converse();
    await alarmOf(device);

    const renewal = await renewalOf(device);
    expect(renewal).toMatchObject({
      state: "failed",
      attempts: 1,
      error: expect.stringContaining("no room"),
    });
    const events = (await ask("GET", `/api/v1/devices/${device.id}/events`)).json.items;
    const told = [...events, ...(await outboxOf(device))].map(({ name }: { name: string }) => name);
    expect(told).toContain("identity.renewal_failed");
    await atTime(Date.parse(renewal.next_look_at) + 1000, () => alarmOf(device));
    expect(await renewalOf(device)).toMatchObject({ state: "under_way", attempts: 1 });
  });

  test("that has expired fetches its renewal within the grace, and nothing else", async () => {
    const device = await enrolledByProfile("iphone");
    const before = await printOf(device);
    await alarmOf(device);
    const { expires_at } = await renewalOf(device);

    await atTime(Date.parse(expires_at) + day, async () => {
      const other = await give(device, "ProfileList");
      await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
      const { command } = await device.idle();

      expect(command?.requestType).toBe("InstallProfile");
      expect(await stateOf(device, other)).toBe("queued");
      expect(await printOf(device)).toBe(before);
    });
  });
});

describe("renewing at once", () => {
  test("queues one profile, even if it is asked for several times", async () => {
    const device = await enrolledByProfile("iphone");

    const first = await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
    const second = await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);

    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json.command_uuid).toBe(first.json.command_uuid);
    expect(first.json.state).toBe("under_way");
  });

  test("makes an identity for that device alone", async () => {
    const device = await enrolledByProfile("iphone");
    await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
    const { command } = await device.idle();
    const profile = command?.payload.get("Payload") as Uint8Array;

    await expect(newDevice("ipad").enroll({ profile, freshKey: true })).rejects.toMatchObject({
      status: 403,
    });
  });

  test("is refused for a device that enrolled without a profile of ours, or that nobody knows", async () => {
    const device = await enrolledDevice("iphone");

    const refused = await ask("POST", `/api/v1/devices/${device.id}/renew-identity`);
    const unknown = await ask("POST", "/api/v1/devices/NOBODY/renew-identity");

    expect([refused.status, unknown.status]).toEqual([409, 404]);
    expect((await renewalOf(device)).state).toBe("not_possible");
  });
});
