import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Progress } from "../../src/apple-business/progress.ts";
import { ask } from "./admin.ts";
import type { AppleServer } from "./fake-apple/server.ts";
import { tokenFile } from "./fake-apple/token-file.ts";

// An administrator who connects this server with one of Apple's portal, and an account's object whose time runs as the
// test wants.

export const accounts = "/api/v1/ade/accounts";

let made = 0;

/** Tests of a file share one database. */
export const newName = (): string => {
  made += 1;
  return `account-${made}`;
};

/** An account with a token for that server; its devices are fetched. */
export async function connected(server: AppleServer, name = newName()): Promise<string> {
  const account = await ask("POST", accounts, { json: { name } });
  if (account.status !== 201) throw new Error(account.text);
  const taken = await uploadToken(name, await tokenFile(server.issueToken(), account.json.certificate));
  if (taken.status !== 200) throw new Error(taken.text);
  await settled(name);
  return name;
}

export const uploadToken = (name: string, file: string, query = "") =>
  ask("PUT", `${accounts}/${name}/token${query}`, { body: file });

const objectOf = (name: string) => env.ADE.getByName(name);

export const progressOf = (name: string): Promise<Progress | undefined> =>
  runInDurableObject(objectOf(name), (_, { storage }) => storage.kv.get<Progress>("progress"));

/** Turn after turn, until it rests for longer than a moment. */
export async function settled(name: string, mostTurns = 300): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns++) {
    const at = await runInDurableObject(objectOf(name), (_, { storage }) => storage.getAlarm());
    const progress = await progressOf(name);
    const isBusy = progress === undefined || progress.run !== undefined || progress.review !== undefined;
    if (at === null || (at > Date.now() + 1_000 && !isBusy)) return;
    await runDurableObjectAlarm(objectOf(name));
  }
  throw new Error(`the account ${name} is not done after ${mostTurns} turns`);
}

/** As if the time for the next look at Apple had come, whatever it waits for. */
export async function syncAgain(name: string): Promise<void> {
  await runInDurableObject(objectOf(name), async (_, { storage }) => {
    const progress = storage.kv.get<Progress>("progress");
    if (progress) storage.kv.put("progress", { ...progress, nextSyncAt: 0, restUntil: 0 });
    await storage.setAlarm(Date.now());
  });
  await settled(name);
}

export const deviceRows = async (account: string) =>
  (
    await env.DB.prepare("SELECT * FROM ade_devices WHERE account = ? ORDER BY serial")
      .bind(account)
      .all<Record<string, string | number | null>>()
  ).results;
