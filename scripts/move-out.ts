// `npm run move-out -- --in FILE --to URL`: tells a server with NanoMDM's migration endpoint of every enrolled device in a
// backup, by the messages that the device once sent. Nothing is asked of the server that the backup is from.
import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fromBase64 } from "../src/base/bytes.ts";
import { sealKeys } from "../src/pki/seal.ts";
import { readArguments } from "./arguments.ts";
import { readRecovery, recoveryFile } from "./deploy/recovery.ts";
import { progressIn } from "./import/progress.ts";
import { messagesOf, type SavedDevice } from "./move-out/messages.ts";
import { request } from "./request.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

await run(moveOut);

async function moveOut(): Promise<void> {
  const given = readArguments({
    name: "npm run move-out",
    does: "Tells a NanoMDM of the enrolled devices in a backup (npm run backup).",
    options: {
      in: { takes: "FILE", help: "the backup" },
      to: { takes: "URL", help: "NanoMDM's migration endpoint, such as https://mdm.example.com/migration" },
      user: { takes: "NAME", help: "the user name there", otherwise: "nanomdm" },
    },
    also: `NanoMDM's API key comes from NANOMDM_KEY, the master key of the backup from MASTER_KEY, else from ${recoveryFile}.`,
  });
  const file = resolve(given.in ?? "");
  if (given.in === undefined || !existsSync(file)) throw new Trouble("--in must name a backup");
  const to = URL.parse(given.to ?? "")?.href;
  if (to === undefined || !/^https?:/.test(to)) throw new Trouble("--to must be the address of the endpoint");
  const token = process.env.NANOMDM_KEY;
  if (!token) throw new Trouble("set NANOMDM_KEY to NanoMDM's API key");
  const keys = await keysOfBackup();
  const progress = progressIn(`${file}.moved`);
  const counts = { moved: 0, before: 0, left: 0, failed: 0 };
  for await (const device of devicesIn(file)) {
    const messages = await messagesOf(device, keys);
    const name = `${device.id} ${messages.ok ? messages.value.generation : ""}`.trim();
    if (!messages.ok) {
      counts[messages.refusal.reason] += 1;
      console.log(`${device.id}: ${messages.refusal.detail}`);
    } else if (progress.has(name)) counts.before += 1;
    else {
      const trouble = await send(messages.value.messages, { to, user: given.user, token });
      counts[trouble === undefined ? "moved" : "failed"] += 1;
      if (trouble === undefined) progress.add(name);
      console.log(`${device.id}: ${trouble ?? "moved"}`);
    }
  }
  console.log(
    `${counts.moved} moved, ${counts.before} moved before, ${counts.left} not enrolled, ${counts.failed} failed`,
  );
  if (counts.failed > 0) throw new Trouble(`${counts.failed} failed. Run it again to try them again.`);
}

async function keysOfBackup() {
  const spelled = process.env.MASTER_KEY ?? readRecovery(resolve(recoveryFile))?.MASTER_KEY;
  const bytes = spelled === undefined ? undefined : fromBase64(spelled);
  if (bytes?.length !== 32)
    throw new Trouble(`set MASTER_KEY to the master key of the backup, or run this beside ${recoveryFile}`);
  return sealKeys(bytes);
}

async function* devicesIn(file: string): AsyncGenerator<SavedDevice> {
  const input = createReadStream(file, "utf8");
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!line.startsWith('{"device"')) continue;
    yield JSON.parse(line).device as SavedDevice;
  }
}

/** In their order: NanoMDM knows a user only after the device. */
async function send(
  messages: readonly { about: string; body: string }[],
  { to, user, token }: { to: string; user: string; token: string },
): Promise<string | undefined> {
  for (const { about, body } of messages) {
    const answer = await request(to, { method: "PUT", user, token, text: body }).catch(
      (error: Error) => error,
    );
    if (answer instanceof Error) throw new Trouble(`${to} does not answer: ${answer.message}`);
    if (answer.status === 401) throw new Trouble(`${to} does not take NANOMDM_KEY`);
    if (answer.status !== 200) return `failed at its ${about}: ${answer.status} ${answer.body.slice(0, 200)}`;
  }
  return undefined;
}
