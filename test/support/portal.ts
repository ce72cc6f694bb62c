import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ask } from "./admin.ts";
import type { IssuedKey } from "./fake-portal/keys.ts";
import type { FakePortal } from "./fake-portal/portal.ts";

// An administrator who stores an API account of Apple's portal, and its object whose time runs as the test wants.

export const apiAccounts = "/api/v1/ade/api-accounts";

let made = 0;

/** Tests of a file share one database. */
export const newApiName = (): string => {
  made += 1;
  return `api-${made}`;
};

export const keyOf = ({ clientId, keyId, privateKey }: IssuedKey) => ({
  client_id: clientId,
  key_id: keyId,
  private_key: privateKey,
});

/** An API account of that portal; what was bought is read. */
export async function withApiAccount(portal: FakePortal, more: object = {}): Promise<string> {
  const name = newApiName();
  const answer = await ask("POST", apiAccounts, {
    json: { name, ...keyOf(await portal.issueKey()), ...more },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  await portalSettled(name);
  return name;
}

const objectOf = (name: string) => env.PORTAL.getByName(name);

const nextTurnAt = (name: string): Promise<number | null> =>
  runInDurableObject(objectOf(name), (_, { storage }) => storage.getAlarm());

/** Turn after turn, until it rests for longer than a moment. */
export async function portalSettled(name: string, mostTurns = 50): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns++) {
    const at = await nextTurnAt(name);
    if (at === null || at > Date.now() + 1_000) return;
    await runDurableObjectAlarm(objectOf(name));
  }
  throw new Error(`the API account ${name} is not done after ${mostTurns} turns`);
}

/** As if the time had come for everything that it waits for. */
export async function portalLater(name: string, times = 1): Promise<void> {
  for (let turns = 0; turns < times; turns++) {
    await env.DB.prepare("UPDATE portal_activities SET next_at = 0 WHERE account = ? AND next_at IS NOT NULL")
      .bind(name)
      .run();
    await runInDurableObject(objectOf(name), async (_, { storage }) => {
      const progress = storage.kv.get<{ restUntil: number }>("progress");
      if (progress) storage.kv.put("progress", { ...progress, restUntil: 0 });
      await storage.setAlarm(Date.now());
    });
    await portalSettled(name);
  }
}

/** Until what was ordered is over. */
export async function activityOver(name: string, id: string): Promise<Record<string, unknown>> {
  await portalSettled(name);
  for (let looks = 0; looks < 20; looks++) {
    const { json } = await ask("GET", `${apiAccounts}/${name}/activities/${id}`);
    if (json.finished_at !== null) return json;
    await portalLater(name);
  }
  throw new Error(`the activity ${id} does not end`);
}
