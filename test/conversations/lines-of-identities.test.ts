import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice, Identity } from "../support/apple-device.ts";
import { pooledKey } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, invite, newDevice, objectOf, wipe } from "../support/fleet.ts";
import { askRenewalOf, renewalOf } from "../support/renewal-request.ts";

/** A failInfo of SCEP. */
const badRequest = "2";

const answerTo = async (...asking: Parameters<typeof askRenewalOf>) => {
  const answer = await askRenewalOf(...asking);
  return "failInfo" in answer ? answer.failInfo : "granted";
};

const printOf = ({ certificate }: Identity) => fingerprint(certificate as Uint8Array<ArrayBuffer>);

const identitiesOf = async (device: AppleDevice) => (await objectOf(device).describe())?.identities ?? [];

/** How every door that an identity opens answers this one. */
const doors = async (device: AppleDevice, identity: Identity) =>
  device.withIdentity(identity, async () => {
    const { origin } = new URL(device.line.managed.serverUrl);
    const answers = {
      idle: await device.idle(),
      bootstrapToken: await device.getBootstrapToken(),
      pairing: await device.getToken("com.apple.watch.pairing", { PhoneUDID: device.id }),
      download: await device.line.download(`${origin}/mdm/data/${device.id}/${"0".repeat(64)}`),
      tokenUpdate: await device.tokenUpdate(),
      authenticate: await device.authenticate(),
      tokenUpdateAfter: await device.tokenUpdate(),
    };
    return [...new Set(Object.values(answers).map(({ status }) => status))];
  });

/** The device goes by a new identity, from a profile with a challenge; the answer is the one before. */
async function renewed(device: AppleDevice): Promise<Identity> {
  const { challenge } = await invite({ device_id: device.id });
  const before = await device.renewIdentity({ challenge, authenticate: false });
  expect((await device.idle()).status).toBe(200);
  return before;
}

const revoke = async (identity: Identity, reason: string) => {
  const path = `/api/v1/certificates/${await printOf(identity)}/revoke`;
  expect((await ask("POST", path, { json: { reason } })).status).toBe(200);
};

const unbind = async (device: AppleDevice, identity: Identity) => {
  const path = `/api/v1/devices/${device.id}/identities/${await printOf(identity)}`;
  expect((await ask("DELETE", path)).status).toBe(204);
};

const loseObject = async (device: AppleDevice) => {
  await alarmOf(device);
  await wipe(device);
};

describe("an identity whose overlap has ended", () => {
  test("renews itself no more", async () => {
    const device = await enrolledDevice();
    const before = await renewed(device);
    await objectOf(device).endOverlap("test");

    expect(await answerTo(before)).toBe(badRequest);
  });

  test("gains nothing from a renewal that it took out before, and the device's own goes on", async () => {
    const device = await enrolledDevice("mac");
    const stolen = await renewalOf(device.identity);
    await renewed(device);
    await objectOf(device).endOverlap("test");

    expect(await doors(device, stolen)).toEqual([403]);

    const own = await printOf(device.identity);
    expect(await identitiesOf(device)).toContainEqual(
      expect.objectContaining({ fingerprint: own, retiresAt: null }),
    );
    expect((await device.idle()).status).toBe(200);
  });

  test("is refused although the device's object was lost meanwhile", async () => {
    const device = await enrolledDevice("mac");
    const stolen = await renewalOf(device.identity);
    const before = await renewed(device);
    await objectOf(device).endOverlap("test");
    await loseObject(device);

    expect(await doors(device, before)).toEqual([403]);
    expect(await doors(device, stolen)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
  });
});

describe("a certificate has one line of renewals", () => {
  test("the first that is used, whatever the number of granted ones", async () => {
    const device = await enrolledDevice("mac");
    const [first, second] = [await renewalOf(device.identity), await renewalOf(device.identity)];

    await device.renewIdentity({ identity: first, authenticate: false });
    expect((await device.idle()).status).toBe(200);

    expect(await doors(device, second)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
  });

  test("so that one which was renewed is granted no other renewal", async () => {
    const device = await enrolledDevice();
    const before = await renewed(device);

    expect(await answerTo(before)).toBe(badRequest);
    expect(await answerTo(device.identity)).toBe("granted");
  });

  test("and a profile that comes too late makes no identity, so that the device keeps the one it has", async () => {
    const device = await enrolledDevice();
    const { challenge: late } = await invite({ device_id: device.id });
    await renewed(device);

    const renewing = device.renewIdentity({ challenge: late, authenticate: false });

    await expect(renewing).rejects.toMatchObject({ failInfo: "2" });
    expect((await device.idle()).status).toBe(200);
  });

  test("and no line begins before a device has enrolled: one challenge makes one identity", async () => {
    const device = newDevice();
    const { scepUrl, challenge } = await invite();
    const unused = await device.requestIdentity(scepUrl, challenge);

    expect(await answerTo(unused)).toBe(badRequest);
  });

  test("nor goes on when the device has left", async () => {
    const device = await enrolledDevice();
    const { identity } = device;
    await device.checkOut();

    expect(await answerTo(identity)).toBe(badRequest);
  });

  test("a challenge that names a device without an identity makes nothing that opens an enrollment", async () => {
    const device = newDevice();

    const enrolling = device.enroll(await invite({ device_id: device.id }));

    await expect(enrolling).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
  });
});

describe("a device that asks for renewal after renewal", () => {
  test("gets a number of them a day, and is told which limit it has reached", async () => {
    const device = await enrolledDevice();
    const key = await pooledKey();
    await ask("PATCH", "/api/v1/settings", { json: { renewal_requests_per_day: 2 } });

    const answers = [await answerTo(device.identity, key), await answerTo(device.identity)];
    answers.push(await answerTo(device.identity), await answerTo(device.identity, key));
    await ask("PATCH", "/api/v1/settings", { json: { renewal_requests_per_day: 5 } });

    expect(answers).toEqual(["granted", "granted", badRequest, "granted"]);
    await alarmOf(device);
    const { json } = await ask("GET", `/api/v1/devices/${device.id}/events?limit=1`);
    expect(json.items).toMatchObject([
      {
        name: "device.refused",
        detail: { reason: "too-many-renewals", detail: expect.stringContaining("renewal_requests_per_day") },
      },
    ]);
  });
});

describe("a certificate opens one generation, once", () => {
  const reenrolled = async () => {
    const device = newDevice("mac");
    const naming = { udid: device.hardware.udid };
    await device.enroll(await invite(naming));
    const spent = device.identity;
    await device.enroll(await invite(naming));
    return { device, spent };
  };

  test("that of an enrollment before this one opens no third", async () => {
    const { device, spent } = await reenrolled();

    expect(await doors(device, spent)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
    expect(await objectOf(device).describe()).toMatchObject({ generation: 2, pendingGeneration: null });
  });

  test("also after the device's object was lost", async () => {
    const { device, spent } = await reenrolled();
    await loseObject(device);

    expect(await doors(device, spent)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
    expect(await doors(device, spent)).toEqual([403]);
  });

  test("nor does a renewal of it that was never used", async () => {
    const device = newDevice("mac");
    const naming = { udid: device.hardware.udid };
    await device.enroll(await invite(naming));
    const stored = await renewalOf(device.identity);
    await device.enroll(await invite(naming));

    expect(await doors(device, stored)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
  });

  test("that of an enrollment which another one overtook before it began does not come back", async () => {
    const device = newDevice("mac");
    const naming = { udid: device.hardware.udid };
    const { scepUrl, challenge } = await invite(naming);
    const overtaken = await device.requestIdentity(scepUrl, challenge);
    device.line.management = { ...(await enrolledDevice("mac")).line.managed };
    device.line.identity = overtaken;
    expect((await device.authenticate()).status).toBe(200);

    await device.enroll(await invite(naming));

    expect(await doors(device, overtaken)).toEqual([403]);
    expect((await device.idle()).status).toBe(200);
  });

  test("that of a device which an administrator deleted does not bring it back", async () => {
    const device = newDevice("mac");
    await device.enroll(await invite({ udid: device.hardware.udid }));
    await alarmOf(device);
    expect((await ask("DELETE", `/api/v1/devices/${device.id}?force=true`)).status).toBe(204);

    expect(await doors(device, device.identity)).toEqual([403]);
    expect(await objectOf(device).describe()).toBeUndefined();
    await device.enroll(await invite());
    expect((await device.idle()).status).toBe(200);
  });
});

describe("with a revoked certificate", () => {
  test("falls a renewal that it took out before", async () => {
    const device = newDevice("mac");
    await device.enroll(await invite({ udid: device.hardware.udid }));
    const stored = await renewalOf(device.identity);
    await revoke(device.identity, "keyCompromise");

    expect(await answerTo(device.identity)).toBe(badRequest);
    expect(await doors(device, stored)).toEqual([403]);
    const shown = await ask("GET", `/api/v1/certificates/${await printOf(stored)}`);
    expect(shown.json).toMatchObject({ revocation_reason: "keyCompromise" });
  });

  test("falls all that descends from it, in use or not", async () => {
    const device = await enrolledDevice("mac");
    const first = await renewed(device);
    await renewed(device);
    const stored = await renewalOf(device.identity);

    await revoke(first, "keyCompromise");

    expect(await doors(device, device.identity)).toEqual([403]);
    expect(await doors(device, stored)).toEqual([403]);
    await loseObject(device);
    expect(await doors(device, device.identity)).toEqual([403]);
  });

  test("does not fall what follows it when it was superseded, until there is cause", async () => {
    const device = await enrolledDevice("mac");
    const next = await renewalOf(device.identity);
    const before = device.identity;
    await revoke(before, "superseded");

    await device.renewIdentity({ identity: next, authenticate: false });
    expect((await device.idle()).status).toBe(200);
    expect(await doors(device, before)).toEqual([403]);

    await revoke(before, "keyCompromise");
    expect((await device.idle()).status).toBe(403);
  });
});

describe("an identity that was unbound", () => {
  test("stays so, although its predecessor would vouch for it", async () => {
    const device = await enrolledDevice("mac");
    const before = await renewed(device);
    const taken = device.identity;

    await unbind(device, taken);

    expect(await doors(device, taken)).toEqual([403]);
    await loseObject(device);
    expect(await doors(device, taken)).toEqual([403]);
    expect(await device.withIdentity(before, async () => (await device.idle()).status)).toBe(200);
    expect(await doors(device, taken)).toEqual([403]);
  });

  test("gives its predecessor back what it took: it serves on, and is renewed", async () => {
    const device = await enrolledDevice();
    const thief = await renewalOf(device.identity);
    const { identity } = device;
    expect(await device.withIdentity(thief, async () => (await device.idle()).status)).toBe(200);

    await unbind(device, thief);

    expect(await identitiesOf(device)).toMatchObject([
      { fingerprint: await printOf(identity), retiresAt: null },
    ]);
    await renewed(device);
    expect(await device.withIdentity(thief, async () => (await device.idle()).status)).toBe(403);
  });

  test("in the middle of a line leaves the line as it is", async () => {
    const device = await enrolledDevice();
    const first = await renewed(device);
    const middle = await renewed(device);

    await unbind(device, middle);

    expect(await answerTo(first)).toBe(badRequest);
    expect(await answerTo(device.identity)).toBe("granted");
    expect((await device.idle()).status).toBe(200);
    expect(await device.withIdentity(middle, async () => (await device.idle()).status)).toBe(403);
  });

  test("renews nothing and opens nothing, whatever its challenge named", async () => {
    const device = newDevice("mac");
    await device.enroll(await invite({ udid: device.hardware.udid }));
    const stored = await renewalOf(device.identity);

    await unbind(device, device.identity);

    expect(await answerTo(device.identity)).toBe(badRequest);
    expect(await doors(device, device.identity)).toEqual([403]);
    expect(await doors(device, stored)).toEqual([403]);
    await device.enroll(await invite({ udid: device.hardware.udid }));
    expect((await device.idle()).status).toBe(200);
  });
});
