import { type AppleDevice, appleDevice, type FlavourName, pooledKey } from "../apple-device.ts";
import { testTopic } from "../test-pki.ts";
import type { RealServer } from "./real-server.ts";

/** A simulated device that has enrolled at a server that runs by itself. */
export async function deviceAt(
  server: Pick<RealServer, "origin" | "json">,
  flavour: FlavourName,
): Promise<AppleDevice> {
  const { challenge, scep_url: scepUrl } = await server.json("POST", "/enrollment/challenges", {});
  const device = appleDevice(flavour, {
    transport: (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(new URL(pathname + search, server.origin), request));
    },
    newKey: pooledKey,
    requireHttps: false,
  });
  await device.enroll({
    serverUrl: new URL("/mdm", server.origin).href,
    topic: testTopic,
    scepUrl,
    challenge,
  });
  return device;
}

/** The server tells devices a moment after a change, and its directory learns of them a moment later. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await isTrue()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("it did not come true");
}
