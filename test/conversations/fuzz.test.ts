import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/base/bytes.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { enrolledDevice, give, objectOf, transport } from "../support/fleet.ts";
import { mutate, repeatableRandom } from "../support/mutate.ts";

type Sent = { url: string; type: string; signature: string; body: Uint8Array<ArrayBuffer> };

/** What a device sends in an ordinary day, as it went over the wire. */
async function anOrdinaryDay(flavour: "mac" | "iphone"): Promise<{ device: AppleDevice; sent: Sent[] }> {
  const sent: Sent[] = [];
  const device = await enrolledDevice(flavour, {
    transport: async (request) => {
      const signature = request.headers.get("Mdm-Signature");
      const type = request.headers.get("Content-Type") ?? "";
      const body = new Uint8Array(await request.clone().arrayBuffer());
      if (signature !== null) sent.push({ url: request.url, type, signature, body });
      return transport(request);
    },
  });
  await give(device, "SecurityInfo");
  await device.converse(() => ({ status: "Acknowledged" }));
  await device.setBootstrapToken();
  await device.getBootstrapToken();
  return { device, sent };
}

async function put({ url, type, signature, body }: Sent): Promise<number> {
  const headers = { "Content-Type": type, "Mdm-Signature": signature };
  return (await transport(new Request(url, { method: "PUT", headers, body }))).status;
}

/** What must not change. Times may: a message whose damage does not count is heard a second time. */
async function stateOf(device: AppleDevice): Promise<unknown> {
  const { state, generation, facts, channels, identities } = (await objectOf(device).describe()) ?? {};
  const tokens = ["bootstrap-token", "unlock-token"].map((name) => objectOf(device).readEscrow(name));
  return {
    enrollment: { state, generation, facts },
    channels: channels?.map(({ tokenUpdateAt: _, ...channel }) => channel),
    identities,
    escrow: (await Promise.all(tokens)).flat().map(({ value }) => value),
    commands: await objectOf(device).listCommands("", 100),
  };
}

/** Nothing here can make a device drop its profile, or come back for ever because something broke. */
const harmless = new Set([200, 400, 403, 404, 410, 413]);

const damagedHeader = (header: string, random: (below: number) => number): string =>
  fromUtf8(mutate(utf8(header), random).map((byte) => (byte > 0x20 && byte < 0x7f ? byte : 0x41)));

/** A thousand in the suite; `.ci/drills/fuzz` sends all 20,000. Those of a run are always the same ones. */
const requests = Number((env as typeof env & { FUZZ_REQUESTS: string }).FUZZ_REQUESTS);
const ofAnother = requests / 10;
const damagedOnes = requests - ofAnother;

// All of them are tens of seconds of work, and the limit is for a machine that has other things to do as well.
describe("damaged requests", { timeout: 300_000 }, () => {
  test(`${damagedOnes} of them, in body or signature, are refused and change nothing`, async () => {
    const random = repeatableRandom(20261121);
    const days = [await anOrdinaryDay("mac"), await anOrdinaryDay("iphone")];
    const before = await Promise.all(days.map(({ device }) => stateOf(device)));
    const sent = days.flatMap((day) => day.sent);
    const strange: string[] = [];
    const accepted: number[] = [];

    for (let count = 0; count < damagedOnes; count++) {
      const whole = sent[count % sent.length] as Sent;
      const damaged =
        random(3) === 0
          ? { ...whole, signature: damagedHeader(whole.signature, random) }
          : { ...whole, body: mutate(whole.body, random) };
      // Damage that undoes itself is no damage.
      if (damaged.signature === whole.signature && fromLatin1(damaged.body) === fromLatin1(whole.body))
        continue;
      const status = await put(damaged);
      // Damage inside the certificate leaves a signature that holds, by a certificate that nobody knows.
      if (status === 200) accepted.push(count);
      else if (status !== 400 && status !== 403) strange.push(`${count}: ${status}`);
    }

    expect(strange).toEqual([]);
    // A signature may be spelled in more than one way, and a repeated message is harmless.
    expect(accepted.length).toBeLessThan(damagedOnes / 100);
    expect(await Promise.all(days.map(({ device }) => stateOf(device)))).toEqual(before);
  });

  test(`${ofAnother} more, well signed by another device's identity, never touch the device that they name`, async () => {
    const random = repeatableRandom(7);
    const { device: victim, sent } = await anOrdinaryDay("mac");
    const attacker = await enrolledDevice("iphone");
    const before = await stateOf(victim);
    const strange: string[] = [];

    for (let count = 0; count < ofAnother; count++) {
      const { url, type, body } = sent[count % sent.length] as Sent;
      const headers = { "content-type": type };
      const answer = await attacker.line.send(mutate(body, random), { url, headers, attempts: 1 });
      if (!harmless.has(answer.status)) strange.push(`${count}: ${answer.status}`);
    }

    expect(strange).toEqual([]);
    expect(attacker.isEnrolled).toBe(true);
    expect(await stateOf(victim)).toEqual(before);
  });
});

const fromLatin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
