// MicroMDM's fleet, one device after the other. The authority and the push certificate come first, so that a device finds
// them whenever the address is moved.
import { request } from "../request.ts";
import { Trouble } from "../trouble.ts";
import { readBoltFile } from "./bolt-file.ts";
import { type MovedDevice, readMicroMdm } from "./micromdm.ts";
import { progressIn } from "./progress.ts";
import { contentOf, type Import, type Imported } from "./read-file.ts";

export async function importMicroMdm({ file, origin, token }: Import): Promise<Imported> {
  const fleet = readMicroMdm(readBoltFile(contentOf(file)));
  if (fleet.devices.length === 0) throw new Trouble(`${file} has no devices: is it MicroMDM's database?`);
  if (fleet.authority !== undefined) await trust(origin, token, fleet.authority);
  else console.log("It keeps no authority. Trust the one of the devices' identities yourself.");
  if (fleet.pushCertificate !== undefined) await upload(origin, token, fleet.pushCertificate);
  else console.log("It keeps no push certificate. Upload it yourself.");
  const progress = progressIn(`${file}.imported`);
  const counts = { moved: 0, before: 0, left: 0, failed: 0 };
  for (const device of fleet.devices) {
    const said = await move(device, { origin, token, isDone: progress.has(device.udid) });
    counts[said.count] += 1;
    if (said.count === "moved") progress.add(device.udid);
    console.log(`${device.udid || "(no UDID)"} ${device.serial || "(no serial number)"}: ${said.text}`);
  }
  console.log(
    `${counts.moved} moved, ${counts.before} moved before, ${counts.left} not enrolled there, ${counts.failed} failed`,
  );
  return { failed: counts.failed };
}

type Said = { count: "moved" | "before" | "left" | "failed"; text: string };
type Place = { origin: string; token: string; isDone: boolean };

async function move(device: MovedDevice, { origin, token, isDone }: Place): Promise<Said> {
  if (device.trouble !== undefined) return { count: "left", text: `left there: ${device.trouble}` };
  // What it has told this server since must not be undone by what it told the former one.
  if (isDone) return { count: "before", text: "moved before" };
  for (const { about, body } of device.messages) {
    const input = { method: "PUT", user: "nanomdm", token, text: body };
    const answer = await request(`${origin}/migration`, input).catch((error: Error) => error);
    if (answer instanceof Error) throw new Trouble(`${origin} does not answer: ${answer.message}`);
    if (answer.status === 403) throw new Trouble(`the server takes no fleet: ${errorOf(answer.body)}`);
    if (answer.status === 401) throw new Trouble("the server does not know this token");
    if (answer.status !== 200)
      return { count: "failed", text: `failed at its ${about}: ${answer.status} ${errorOf(answer.body)}` };
  }
  return { count: "moved", text: `moved (${device.messages.map(({ about }) => about).join(", ")})` };
}

async function trust(origin: string, token: string, certificate: string): Promise<void> {
  const json = { certificate, trusted: true };
  const answer = await request(`${origin}/api/v1/authorities`, { method: "POST", token, json });
  if (answer.status > 299) throw refused("the authority", answer);
  console.log("The authority of the devices' identities is trusted.");
}

async function upload(origin: string, token: string, pem: string): Promise<void> {
  const input = { method: "PUT", user: "nanomdm", token, text: pem };
  const answer = await request(`${origin}/v1/pushcert`, input);
  if (answer.status !== 200) throw refused("the push certificate", answer);
  console.log(`The push certificate is here: ${JSON.parse(answer.body).topic}`);
}

const refused = (what: string, { status, body }: { status: number; body: string }): Trouble =>
  new Trouble(`the server answered ${status} to ${what}: ${errorOf(body)}`);

function errorOf(body: string): string {
  try {
    const { error, detail, title, errors } = JSON.parse(body);
    return errors?.[0]?.detail ?? error ?? detail ?? title ?? body;
  } catch {
    return body.slice(0, 200);
  }
}
