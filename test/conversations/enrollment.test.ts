import { describe, expect, test } from "vitest";
import type { FlavourName } from "../support/apple-device/flavours.ts";
import { type AppleDevice, EnrollmentFailed } from "../support/apple-device.ts";
import { enrolledDevice, give, invite, newDevice, objectOf, stateOf } from "../support/fleet.ts";

const described = (device: AppleDevice) => objectOf(device).describe();

/** Gets an identity for itself and speaks as far as Authenticate. */
async function announced(device: AppleDevice, issuedFor: Record<string, unknown> = {}) {
  const source = await invite(issuedFor);
  device.line.identity = await device.requestIdentity(source.scepUrl, source.challenge, true);
  device.line.management = { ...(await enrolledDevice()).line.managed };
  return device.authenticate();
}

describe("a device enrolls", () => {
  const flavours: FlavourName[] = [
    "mac",
    "intelMac",
    "iphone",
    "oldIphone",
    "sharedIpad",
    "appleTv",
    "visionPro",
    "watch",
  ];

  test.each(flavours)("%s", async (flavour) => {
    const device = await enrolledDevice(flavour);

    expect(await described(device)).toMatchObject({
      state: "enrolled",
      generation: 1,
      pendingGeneration: null,
    });
  });

  test("by user enrollment, and is known by its EnrollmentID", async () => {
    const device = await enrolledDevice("iphone", { userEnrollment: true });

    expect(device.id).toBe(device.enrollmentId);
    expect(await described(device)).toMatchObject({
      state: "enrolled",
      channels: [{ kind: "user_enrollment" }],
    });
  });

  test("and is managed from its TokenUpdate on, not before", async () => {
    const device = newDevice();

    const authenticated = await announced(device);

    expect([authenticated.status, authenticated.body.length]).toEqual([200, 0]);
    expect(await described(device)).toMatchObject({ state: "pending", generation: 0, pendingGeneration: 1 });
    expect((await device.idle()).status).toBe(403);
    expect((await device.getBootstrapToken()).status).toBe(403);

    expect((await device.tokenUpdate()).status).toBe(200);
    expect(await described(device)).toMatchObject({
      state: "enrolled",
      generation: 1,
      pendingGeneration: null,
    });
  });

  test("and repeats its Authenticate without opening a second generation", async () => {
    const device = newDevice();
    await announced(device);

    await device.authenticate();
    await device.tokenUpdate();

    expect(await described(device)).toMatchObject({ generation: 1 });
  });

  test("nothing is kept of a device that was refused", async () => {
    const stranger = newDevice();
    stranger.line.identity = (await enrolledDevice()).identity;
    stranger.line.management = { ...(await enrolledDevice()).line.managed };

    expect((await stranger.idle()).status).toBe(403);
    expect((await stranger.authenticate()).status).toBe(403);
    expect(await described(stranger)).toBeUndefined();
  });

  test("with commands that waited for it since before it came", async () => {
    const device = newDevice();
    const uuid = await give(device, "DeviceInformation");

    await device.enroll(await invite());

    expect((await device.idle()).command?.uuid).toBe(uuid);
  });
});

describe("an enrolled device enrolls again", () => {
  const replacing = (device: AppleDevice) => invite({ udid: device.hardware.udid });

  test("with a challenge that names it: it starts clean, and the old escrow is kept apart", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken();
    const waiting = await give(device, "DeviceInformation");

    await device.enroll({ ...(await replacing(device)), freshKey: true });

    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 2 });
    expect((await device.idle()).command).toBeUndefined();
    expect(await stateOf(device, waiting)).toBe("cancelled");
    expect((await device.getBootstrapToken()).token?.length ?? 0).toBe(0);
    expect(await objectOf(device).readEscrow("bootstrap-token")).toMatchObject([
      { generation: 1, current: false, value: device.bootstrapToken },
    ]);
  });

  test("without being named: it is refused, and goes on as it was", async () => {
    const device = await enrolledDevice();

    const again = device.enroll({ ...(await invite()), freshKey: true });

    await expect(again).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    await expect(again).rejects.toBeInstanceOf(EnrollmentFailed);
    expect((await device.idle()).status).toBe(200);
  });

  test("a device that only begins a replacement changes nothing", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken();
    const waiting = await give(device, "DeviceInformation");
    const impostor = newDevice("mac");
    impostor.claimToBe(device);

    expect((await announced(impostor, { udid: device.hardware.udid })).status).toBe(200);

    expect((await impostor.idle()).status).toBe(403);
    expect((await impostor.getBootstrapToken()).status).toBe(403);
    expect((await impostor.setBootstrapToken(null)).status).toBe(403);
    expect((await device.getBootstrapToken()).token).toEqual(device.bootstrapToken);
    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("once the new enrollment is committed, the old identity is refused", async () => {
    const device = await enrolledDevice();
    const before = device.identity;

    await device.enroll({ ...(await replacing(device)), freshKey: true });

    const status = await device.withIdentity(before, async () => (await device.idle()).status);
    expect(status).toBe(403);
    expect((await device.idle()).status).toBe(200);
  });

  test("an erased device in Setup Assistant is no renewal, and needs a certificate of its own", async () => {
    const device = await enrolledDevice("mac", { ade: true });
    device.awaitingConfiguration = false;
    await device.tokenUpdate();

    await device.authenticate();
    device.awaitingConfiguration = true;
    expect((await device.tokenUpdate({ newToken: true })).status).toBe(403);

    expect(await described(device)).toMatchObject({ generation: 1, pendingGeneration: null });
    await device.enroll(await replacing(device));
    expect(await described(device)).toMatchObject({ generation: 2 });
  });
});

describe("an enrollment ends", () => {
  test("by CheckOut: nothing is sent any more, and what is kept stays", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken();
    const identity = device.identity;
    const management = device.line.managed;
    const waiting = await give(device, "DeviceInformation");

    await device.checkOut();

    expect(await described(device)).toMatchObject({
      state: "unenrolled",
      channels: [{ enabled: false }, { enabled: false }],
    });
    Object.assign(device.line, { identity, management });
    expect((await device.idle()).command).toBeUndefined();
    expect(await stateOf(device, waiting)).toBe("queued");
    expect(await objectOf(device).readEscrow("bootstrap-token")).toMatchObject([{ current: true }]);
  });

  test("and begins again with the same identity, keeping everything", async () => {
    const device = await enrolledDevice();
    const { identity, line } = device;
    const management = line.managed;
    const waiting = await give(device, "DeviceInformation");
    await device.checkOut();

    Object.assign(line, { identity, management });
    await device.authenticate();
    await device.tokenUpdate();

    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 1 });
    expect((await device.idle()).command?.uuid).toBe(waiting);
  });

  test("because an administrator chose so: the device drops its profile at its next request", async () => {
    const device = await enrolledDevice("iphone");

    expect(await objectOf(device).endEnrollment("test")).toBe(true);
    const answer = await device.idle();

    expect(answer.status).toBe(403);
    expect(device.isEnrolled).toBe(false);
    expect(await described(device)).toMatchObject({ state: "unenrolled" });
  });

  test("an older system that knows no error documents gets the 401 it understands", async () => {
    const device = await enrolledDevice("oldIphone");

    await objectOf(device).endEnrollment("test");

    expect((await device.idle()).status).toBe(401);
    expect(device.isEnrolled).toBe(false);
  });

  test("a device that was told to leave is told so again, until it enrolls again with another identity", async () => {
    const device = await enrolledDevice();
    const { identity, line } = device;
    const management = line.managed;
    await objectOf(device).endEnrollment("test");
    await device.idle();

    Object.assign(line, { identity, management });
    expect((await device.authenticate()).status).toBe(403);

    await device.enroll({ ...(await invite()), freshKey: true });
    expect((await device.idle()).status).toBe(200);
    expect(await described(device)).toMatchObject({ state: "enrolled", generation: 2 });
  });
});
