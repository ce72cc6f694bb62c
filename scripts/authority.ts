// The authority that issues the devices' identities. Its RSA key is made here, in Node: on the Free plan a Worker
// has not the processor time for it.
import { makeAuthority } from "../src/enrollment/new-authority.ts";
import type { Answer, RequestInput } from "./request.ts";
import { Trouble } from "./trouble.ts";

/** A request to the Worker's API as its administrator. */
export type AdminCall = (path: string, input?: RequestInput) => Promise<Answer>;

type Authority = { subject: string; issuing: boolean };

/** Makes the authority of a Worker that has none, and says which one issues now. */
export async function ensureAuthority(call: AdminCall): Promise<string> {
  const issuing = (await list(call)).find((authority) => authority.issuing);
  if (issuing) return issuing.subject;

  const { organization } = JSON.parse(must(await call("/api/v1/settings"), "settings")) as {
    organization: string;
  };
  const { certificate, privateKey } = await makeAuthority(organization, Date.now());
  // `if_none`: another deployment at the same time may have been first, and then its authority is used.
  const json = { certificate, private_key: privateKey, if_none: true };
  const added = must(await call("/api/v1/authorities", { method: "POST", json }), "authorities");
  return (JSON.parse(added) as Authority).subject;
}

const list = async (call: AdminCall): Promise<Authority[]> =>
  (JSON.parse(must(await call("/api/v1/authorities"), "authorities")) as { items: Authority[] }).items;

function must({ status, body }: Answer, resource: string): string {
  if (status === 200 || status === 201) return body;
  if (status === 401) {
    throw new Trouble(
      "the Worker does not take this ADMIN_TOKEN, so its authority is not made: put the right one where this one was read from, then do the same again",
    );
  }
  throw new Trouble(`/api/v1/${resource} answers ${status}: ${body}`);
}
