import { describe, expect, test } from "vitest";
import { fromUtf8, toBase64, utf8 } from "../../src/base/bytes.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { enrolledDevice, give, invite, newDevice, objectOf, rewrite, toldBy } from "../support/fleet.ts";

const renewalFor = (device: AppleDevice) => invite({ device_id: device.id });

const fingerprints = async (device: AppleDevice) =>
  (await objectOf(device).describe())?.identities.map(({ fingerprint }) => fingerprint) ?? [];

describe("an identity", () => {
  test("serves one device: another that shows it is refused", async () => {
    const [victim, thief] = [await enrolledDevice(), await enrolledDevice()];

    thief.stealIdentityOf(victim);

    expect((await thief.idle()).status).toBe(403);
    expect((await thief.authenticate()).status).toBe(403);
    expect((await victim.idle()).status).toBe(200);
  });

  test("does not let one device speak as another", async () => {
    const [victim, liar] = [await enrolledDevice(), await enrolledDevice()];
    await give(victim, "DeviceInformation");

    liar.claimToBe(victim);

    const answer = await liar.idle();
    expect([answer.status, answer.body.length]).toEqual([403, 0]);
  });

  test("issued for another serial number enrolls nobody else", async () => {
    const device = newDevice("mac");

    const enrolling = device.enroll({ ...(await invite({ serial: "SOMEBODYELSE" })), freshKey: true });

    await expect(enrolling).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
  });

  test("must sign the exact bytes of the body", async () => {
    const device = await enrolledDevice("mac");
    const lie = { signedBytes: new TextEncoder().encode("something else") };

    const answer = await device.idle({}, lie);

    expect(answer.status).toBe(400);
  });

  test("must be shown at all", async () => {
    const device = await enrolledDevice();

    expect((await device.idle({}, { identity: null })).status).toBe(400);
  });

  test("revoked by an administrator is refused from the next request on", async () => {
    const device = await enrolledDevice();
    const [fingerprint] = await fingerprints(device);

    const revoked = await ask("POST", `/api/v1/certificates/${fingerprint}/revoke`, {
      json: { reason: "keyCompromise" },
    });

    expect(revoked.status).toBe(200);
    expect((await device.idle()).status).toBe(403);
    expect(device.isEnrolled).toBe(true);
  });

  test("unbound by an administrator is refused", async () => {
    const device = await enrolledDevice();
    const [fingerprint = ""] = await fingerprints(device);

    expect(await objectOf(device).unbindIdentity(fingerprint, "test")).toBe(true);

    expect((await device.idle()).status).toBe(403);
  });
});

describe("a renewal keeps everything", () => {
  test.each([
    ["with a new Authenticate", true],
    ["without one", false],
  ])("%s", async (_, authenticate) => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken();
    const waiting = await give(device, "DeviceInformation");
    const { challenge } = await renewalFor(device);

    await device.renewIdentity({ challenge, authenticate, freshKey: true });

    expect((await device.idle()).command?.uuid).toBe(waiting);
    expect((await device.getBootstrapToken()).token).toEqual(device.bootstrapToken);
    expect(await objectOf(device).describe()).toMatchObject({ generation: 1, state: "enrolled" });
    expect(await fingerprints(device)).toHaveLength(2);
  });

  test("even if its Authenticate is repeated", async () => {
    const device = await enrolledDevice();
    const waiting = await give(device, "DeviceInformation");
    await device.renewIdentity({
      challenge: (await renewalFor(device)).challenge,
      authenticate: true,
      freshKey: true,
    });

    await device.authenticate();
    await device.authenticate();

    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("the old identity is accepted for a while, until an administrator ends that", async () => {
    const device = await enrolledDevice();
    const before = await device.renewIdentity({
      challenge: (await renewalFor(device)).challenge,
      authenticate: false,
      freshKey: true,
    });
    expect((await device.idle()).status).toBe(200);
    const asBefore = () => device.withIdentity(before, async () => (await device.idle()).status);
    expect(await asBefore()).toBe(200);

    expect(await objectOf(device).endOverlap("test")).toBe(1);

    expect(await asBefore()).toBe(403);
    expect((await device.idle()).status).toBe(200);
  });

  test("only for the device it was made for", async () => {
    const [device, other] = [await enrolledDevice(), await enrolledDevice()];
    const { challenge } = await renewalFor(device);

    const renewing = other.renewIdentity({ challenge, authenticate: true, freshKey: true });

    await expect(renewing).rejects.toMatchObject({ status: 403 });
  });
});

describe("an identity that expired", () => {
  const day = 24 * 60 * 60 * 1000;
  const expire = (device: AppleDevice, daysAgo: number) =>
    rewrite(device, "UPDATE identities SET not_after = ?", Date.now() - daysAgo * day);

  test("a few days ago fetches its renewal, and nothing else", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken();
    await give(device, "DeviceInformation");
    const renewal = await give(device, "InstallProfile", {}, { renewal: true });
    await expire(device, 5);

    expect((await device.idle()).command?.uuid).toBe(renewal);
    expect((await device.acknowledge(renewal)).command).toBeUndefined();
    expect((await device.getBootstrapToken()).status).toBe(403);
    expect((await device.tokenUpdate()).status).toBe(403);
  });

  test("more than a month ago is refused", async () => {
    const device = await enrolledDevice();
    await expire(device, 31);

    expect((await device.idle()).status).toBe(403);
    expect(device.isEnrolled).toBe(true);
  });
});

describe("a message that names nobody", () => {
  const anonymous = (keys: string) => utf8(`<plist version="1.0"><dict>${keys}</dict></plist>`);

  test("is the device's whose identity signed it", async () => {
    const mac = await enrolledDevice("mac");
    await mac.setBootstrapToken();

    const answer = await mac.line.checkIn(
      anonymous("<key>MessageType</key><string>GetBootstrapToken</string>"),
    );

    expect(answer.status).toBe(200);
    expect(toBase64(mac.bootstrapToken).slice(0, 40)).toBe(
      fromUtf8(answer.body)
        .replace(/\s/g, "")
        .match(/<data>(.{40})/)?.[1],
    );
  });

  test("is refused when that identity belongs to no device", async () => {
    const stranger = newDevice("mac");
    const { scepUrl, challenge } = await invite();
    stranger.line.identity = await stranger.requestIdentity(scepUrl, challenge, true);
    stranger.line.management = { ...(await enrolledDevice("mac")).line.managed };

    const answer = await stranger.line.checkIn(
      anonymous("<key>MessageType</key><string>GetBootstrapToken</string>"),
    );

    expect([answer.status, answer.body.length]).toEqual([400, 0]);
  });
});

describe("a device that nobody knows", () => {
  const strangerWithIdentity = async () => {
    const stranger = newDevice("iphone");
    const { scepUrl, challenge } = await invite();
    stranger.line.identity = await stranger.requestIdentity(scepUrl, challenge, true);
    stranger.line.management = { ...(await enrolledDevice()).line.managed };
    return stranger;
  };

  test("is refused, and keeps its profile", async () => {
    const stranger = await strangerWithIdentity();

    expect((await stranger.idle()).status).toBe(403);
    expect(stranger.isEnrolled).toBe(true);
  });

  test("is told to drop its profile when settings say so", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "unenroll" } });
    const stranger = await strangerWithIdentity();

    expect((await stranger.idle()).status).toBe(403);
    expect(stranger.isEnrolled).toBe(false);
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "refuse" } });
  });
});

describe("a refusal", () => {
  test("leaves one event an hour, even if the device repeats itself", async () => {
    const [victim, liar] = [await enrolledDevice(), await enrolledDevice()];
    liar.claimToBe(victim);

    await liar.idle();
    await liar.idle();

    const refusals = (await toldBy(victim)).filter(({ name }) => name === "device.refused");
    expect(refusals).toMatchObject([{ detail: { reason: "identity-not-bound" } }]);
  });
});
