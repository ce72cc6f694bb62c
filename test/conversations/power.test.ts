import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { verifyIssued } from "../../src/enrollment/verify-issued.ts";
import { ask, tokenFor } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { enrolledDevice, invite, newDevice, objectOf, outboxOf } from "../support/fleet.ts";
import { open, readyToEnroll } from "../support/invitations.ts";
import { certificateOf } from "../support/pki.ts";
import { exchange, getAuthority } from "../support/scep-client.ts";

/** What a role may mint must not be worth more than the role. */
let operator: string;

beforeAll(async () => {
  operator = await tokenFor("operator");
});

const mint = (names: object, token?: string) =>
  ask("POST", "/api/v1/enrollment/challenges", { json: names, ...(token && { token }) });

/** Enrolled, and the directory knows it. */
async function knownDevice(flavour: "mac" | "iphone" = "mac"): Promise<AppleDevice> {
  const device = await enrolledDevice(flavour);
  await settle(device);
  return device;
}

const namesOf = ({ id, hardware }: AppleDevice) => ({
  device_id: { device_id: id },
  udid: { udid: id },
  serial: { serial: hardware.serialNumber },
});

describe("an operator mints nothing for an enrolled device", () => {
  test.each(["device_id", "udid", "serial"] as const)("no challenge that names its %s", async (name) => {
    const device = await knownDevice();
    const names = namesOf(device)[name];

    const refused = await mint(names, operator);

    expect(refused.status).toBe(403);
    expect(refused.json.detail).toContain(device.id);
    expect(refused.json.detail).toContain("needs the role admin");
    expect((await mint(names)).status).toBe(201);

    const { json } = await ask("GET", `/api/v1/audit?target=devices/${device.id}`);
    expect(json.items).toMatchObject([
      { role: "admin", outcome: "done", target: `devices/${device.id}/enrollment/challenges` },
      { role: "operator", outcome: "refused", target: `devices/${device.id}/enrollment/challenges` },
    ]);
  });

  test("no invitation, and no profile", async () => {
    const device = await knownDevice();
    const serial = device.hardware.serialNumber;

    const invited = await ask("POST", "/api/v1/enrollment/invitations", {
      token: operator,
      json: { serial },
    });
    const profiles = await Promise.all(
      [`serial=${serial}`, `udid=${device.id}`].map((query) =>
        ask("GET", `/api/v1/enrollment/profile?${query}`, { token: operator }),
      ),
    );

    expect([invited.status, ...profiles.map(({ status }) => status)]).toEqual([403, 403, 403]);
    const made = await ask("POST", "/api/v1/enrollment/invitations", { json: { serial } });
    expect(made.status).toBe(201);
    const { json } = await ask("GET", `/api/v1/audit?target=devices/${device.id}/enrollment/invitations`);
    expect(json.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["done", "refused"]);
  });

  test("and none for a device that enrolls later: what it minted before replaces nothing", async () => {
    const device = newDevice("mac");
    const { udid, serialNumber } = device.hardware;
    const early = [await mint({ udid }, operator), await mint({ serial: serialNumber }, operator)];
    await device.enroll(await invite());
    await device.setBootstrapToken();

    for (const { json } of early) {
      const impostor = newDevice("mac");
      impostor.claimToBe(device);
      const source = { ...(await invite()), challenge: json.challenge, freshKey: true };

      await expect(impostor.enroll(source)).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    }
    expect(await objectOf(device).describe()).toMatchObject({ generation: 1, pendingGeneration: null });
    expect((await device.getBootstrapToken()).token).toEqual(device.bootstrapToken);
  });

  test("nor by an invitation from before: only an administrator's link replaces", async () => {
    await readyToEnroll();
    const device = newDevice("mac");
    const json = { serial: device.hardware.serialNumber };
    const made = [
      await ask("POST", "/api/v1/enrollment/invitations", { token: operator, json }),
      await ask("POST", "/api/v1/enrollment/invitations", { json }),
    ];
    await device.enroll(await invite());
    const enrollBy = async (code: string) => {
      const { bytes: profile } = await open(`/enroll/profile?code=${code}`);
      await device.enroll({ profile, freshKey: true });
    };

    await expect(enrollBy(made[0]?.json.code)).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    await enrollBy(made[1]?.json.code);

    expect(await objectOf(device).describe()).toMatchObject({ generation: 2, state: "enrolled" });
  });
});

test("what an administrator lent to one identity is not handed on by its renewal", async () => {
  const device = newDevice("mac");
  const { udid } = device.hardware;
  await device.enroll(await invite({ udid }));
  const { key, certificate: der } = device.identity;
  const pkcs8 = new Uint8Array(Buffer.from(key.pem.replaceAll(/-----.*-----|\s/g, ""), "base64"));
  const certificate = certificateOf(der);
  const client = { key: { pkcs8, spki: key.spki }, signer: { certificate, pkcs8 } };
  expect(await verifyIssued(env, certificate, Date.now())).toMatchObject({
    value: { issuedFor: { udid, replaces: true } },
  });

  const asking = { type: "RenewalReq", subject: certificate.subject } as const;
  const { certificates } = await exchange(await getAuthority(), client, asking);

  const renewed = await verifyIssued(env, certificates[0] ?? certificate, Date.now());
  expect(renewed).toMatchObject({ value: { purpose: "renewal" } });
  expect(renewed.ok && renewed.value.issuedFor).toEqual({ udid });
});

describe("each reading of a bootstrap token is an event", () => {
  const readings = async (device: AppleDevice) =>
    (await outboxOf(device)).filter(({ name }) => name === "escrow.read").map(({ detail }) => detail);

  test("by the device, with the identity that asked", async () => {
    const mac = await enrolledDevice("mac");
    await mac.getBootstrapToken();
    expect(await readings(mac)).toEqual([]);

    await mac.setBootstrapToken();
    await mac.getBootstrapToken();

    const [identity] = (await objectOf(mac).describe())?.identities ?? [];
    expect(await readings(mac)).toEqual([
      { name: "bootstrap-token", by: "device", fingerprint: identity?.fingerprint },
    ]);
  });

  test("by a device that returns to service", async () => {
    const ipad = await enrolledDevice("sharedIpad");
    await ipad.setBootstrapToken();
    await ipad.returnToService();
    expect(await readings(ipad)).toEqual([]);

    await patchSettings(env, { return_to_service: true }, Date.now());
    await ipad.returnToService();
    await patchSettings(env, { return_to_service: false }, Date.now());

    expect(await readings(ipad)).toMatchObject([{ name: "bootstrap-token", by: "device" }]);
  });

  test("by an administrator, with the token that asked", async () => {
    const mac = await enrolledDevice("mac");
    await mac.setBootstrapToken();

    expect((await ask("GET", `/api/v1/devices/${mac.id}/escrow/bootstrap-token`)).status).toBe(200);
    expect(
      (await ask("GET", `/api/v1/devices/${mac.id}/escrow/bootstrap-token`, { token: operator })).status,
    ).toBe(403);

    expect(await readings(mac)).toEqual([{ name: "bootstrap-token", by: expect.any(String) }]);
  });
});

describe("the users of one device", () => {
  test("are as many as a setting allows; one more is refused by its name, and the others go on", async () => {
    const mac = await enrolledDevice("mac");
    await patchSettings(env, { user_channels_per_device: 21 }, Date.now());
    const users = Array.from({ length: 21 }, (_, at) =>
      mac.user({ shortName: `u${at}`, longName: `User ${at}` }),
    );
    const statuses: number[] = [];
    for (const user of users) statuses.push((await user.login()).status);
    await patchSettings(env, { user_channels_per_device: 500 }, Date.now());

    // The Mac's own user was there before.
    expect(statuses).toEqual([...Array(20).fill(200), 403]);
    const refusal = (await outboxOf(mac)).find(({ name }) => name === "device.refused");
    expect(refusal?.detail).toMatchObject({
      reason: "too-many-user-channels",
      detail: "this device has 21 user channels, and user_channels_per_device allows 21",
    });
    expect((await users[0]?.idle())?.status).toBe(200);
    expect((await users[20]?.login())?.status).toBe(200);
  });
});
