// Devices that enrol by ACME as far as one step, whose request is kept for later: what an account's object knows by then
// is on disk, and the nonce lives long enough.
import { attestedIdentity, enrolByAcme } from "../../test/support/apple-device/acme.ts";
import { realRandom } from "../../test/support/apple-device/random.ts";
import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import { asSent } from "./fleet.ts";

class Kept extends Error {}

export async function acmeRequests(
  server: BareServer,
  step: "new-order" | "challenge" | "finalize",
  count: number,
): Promise<Uint8Array[]> {
  const requests: Uint8Array[] = [];
  while (requests.length < count) requests.push(await requestOf(server, step));
  return requests;
}

async function requestOf(server: BareServer, step: string): Promise<Uint8Array> {
  const minted = await server.request("/api/v1/enrollment/challenges", {
    method: "POST",
    json: { attestation: "required" },
  });
  if (minted.status !== 201) throw new Trouble(`no client identifier: ${minted.status} ${minted.body}`);
  const { challenge, directory_url } = JSON.parse(minted.body) as {
    challenge: string;
    directory_url: string;
  };
  let kept: Uint8Array | undefined;
  const transport = async (request: Request): Promise<Response> => {
    if (!request.url.includes(`/${step}`)) return fetch(request);
    kept = await asSent(request);
    throw new Kept();
  };
  const parameters = {
    directoryUrl: directory_url,
    clientIdentifier: challenge,
    ...attestedIdentity,
  };
  const hardware = { serialNumber: "C02XK0AAJG5J", udid: realRandom.uuid() };
  await enrolByAcme(parameters, { transport, now: Date.now, hardware }).catch((fault: unknown) => {
    if (!(fault instanceof Kept)) throw fault;
  });
  if (!kept) throw new Trouble(`no device came as far as ${step}`);
  return kept;
}
