import { env } from "cloudflare:workers";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ask, origin } from "../support/admin.ts";
import {
  type AppleDevice,
  declarationsOf,
  type FactoryIdentity,
  factoryIdentity,
  machineInfo,
} from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { activation, declare, declareNothingElse, synchronised } from "../support/declarative.ts";
import { alarmOf, enrolledDevice, give, newDevice, stateOf, transport } from "../support/fleet.ts";
import { comeIn, prepare, provisionedDevice } from "../support/provisioned.ts";

// An Apple Watch is managed because its phone is: from the declaration that the phone has to a command that the watch obeys.

beforeEach(async () => {
  await prepare();
  await declareNothingElse();
});

const declared = {
  identifier: "com.example.watch",
  type: "com.apple.configuration.watch.enrollment",
  payload: { EnrollmentProfileURL: `${origin}/enroll/ade` },
};

/** A phone of the organization that was told where its watch enrolls. */
async function phoneWithDeclaration(): Promise<AppleDevice> {
  const { device, factory } = await provisionedDevice("iphone");
  await comeIn(device, factory);
  await declare(device, [declared, activation("com.example.watch.on", [declared.identifier])]);
  await synchronised(device);
  return device;
}

/** The address that the phone gives to the watch while they are paired. */
function addressIn(phone: AppleDevice): string {
  const payload = declarationsOf(phone).kept.get(declared.identifier)?.Payload;
  return String((payload as { EnrollmentProfileURL?: string } | undefined)?.EnrollmentProfileURL);
}

type Watch = { watch: AppleDevice; factory: FactoryIdentity };

async function newWatch(): Promise<Watch> {
  const watch = newDevice("watch");
  return { watch, factory: await factoryIdentity(watch.hardware.serialNumber) };
}

const askAt = (url: string, { watch, factory }: Watch, PAIRING_TOKEN?: Uint8Array): Promise<Response> =>
  transport(
    new Request(url, {
      method: "POST",
      headers: { "Content-Type": "application/pkcs7-signature" },
      body: machineInfo(watch, factory, PAIRING_TOKEN ? { PAIRING_TOKEN } : {}),
    }),
  );

async function securityTokenOf(answer: Response): Promise<string> {
  expect(answer.status).toBe(403);
  const { code, details } = (await answer.json()) as { code: string; details: Record<string, string> };
  expect(code).toBe("com.apple.watch.pairing.token.missing");
  return details["security-token"] ?? "";
}

const confirmedBy = async (phone: AppleDevice, { watch }: Watch, SecurityToken: string) =>
  (
    await phone.getToken("com.apple.watch.pairing", {
      PhoneUDID: phone.id,
      WatchUDID: watch.hardware.udid,
      SecurityToken,
    })
  ).tokenData;

test("the phone is told, the watch is confirmed by it, enrolls, and obeys", async () => {
  const phone = await phoneWithDeclaration();
  const url = addressIn(phone);
  const one = await newWatch();

  const token = await confirmedBy(phone, one, await securityTokenOf(await askAt(url, one)));
  const answer = await askAt(url, one, token);

  expect(answer.status).toBe(200);
  await one.watch.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
  const uuid = await give(one.watch, "ProfileList");
  await one.watch.converse();
  expect(await stateOf(one.watch, uuid)).toBe("acknowledged");
  await alarmOf(one.watch);
  expect((await ask("GET", `/api/v1/devices/${one.watch.id}`)).json).toMatchObject({
    platform: "watchos",
    state: "enrolled",
  });
  expect(await env.DEVICE.getByName(one.watch.id).describe()).toMatchObject({
    proven: { serial_number: "challenge", udid: "challenge" },
  });
});

test("the profile is for that watch alone", async () => {
  const phone = await phoneWithDeclaration();
  const url = addressIn(phone);
  const [one, other] = [await newWatch(), await newWatch()];
  const token = await confirmedBy(phone, one, await securityTokenOf(await askAt(url, one)));
  const profile = new Uint8Array(await (await askAt(url, one, token)).arrayBuffer());

  expect((await askAt(url, other, token)).status).toBe(403);
  await expect(other.watch.enroll({ profile, freshKey: true })).rejects.toThrow();
});

test("a confirmation is good for a quarter of an hour, and only as it was given", async () => {
  const phone = await phoneWithDeclaration();
  const url = addressIn(phone);
  const one = await newWatch();
  const token = await confirmedBy(phone, one, await securityTokenOf(await askAt(url, one)));
  const tampered = Uint8Array.from(token ?? [], (byte, at) => (at === 40 ? byte ^ 1 : byte));

  for (const wrong of [tampered, new Uint8Array([1]), new Uint8Array(5_000)])
    expect((await askAt(url, one, wrong)).status).toBe(403);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await askAt(url, one, token)).status).toBe(403);
});

test("no phone speaks for a watch in the name of another phone", async () => {
  const [phone, other] = [await phoneWithDeclaration(), await enrolledDevice("iphone")];
  const one = await newWatch();
  const SecurityToken = await securityTokenOf(await askAt(addressIn(phone), one));

  const { status, tokenData } = await other.getToken("com.apple.watch.pairing", {
    PhoneUDID: phone.id,
    WatchUDID: one.watch.hardware.udid,
    SecurityToken,
  });

  expect(status).toBe(400);
  expect(tokenData).toBeUndefined();
});

test("only a supervised phone may have the declaration: the phone of its user is not told where", async () => {
  const phone = await enrolledDevice("iphone", { userEnrollment: true });
  await declare(phone, [declared, activation("com.example.watch.on", [declared.identifier])]);
  await settle(phone);
  await synchronised(phone);

  expect([...declarationsOf(phone).kept.keys()]).toEqual([]);
});
