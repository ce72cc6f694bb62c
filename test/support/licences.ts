import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { onTestFinished, vi } from "vitest";
import { ask } from "./admin.ts";
import type { FakeLibrary } from "./fake-content/library.ts";
import { FakeContentService } from "./fake-content/service.ts";

// An administrator who stores a location of Apps and Books, and its object whose time runs as the test wants.

export const locations = "/api/v1/apps-and-books/locations";

/** From now on to the end of the test, what is sent to Apple's service for Apps and Books, or its store, comes here. */
export function contentAtFetch(): FakeContentService {
  const service = new FakeContentService((request) => exports.default.fetch(request));
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    const isApple = /^(vpp|uclient-api)\.itunes\.apple\.com$/.test(new URL(request.url).hostname);
    return isApple ? service.fetch(request) : others(request);
  });
  onTestFinished(() => spy.mockRestore());
  return service;
}

let made = 0;

/** Tests of a file share one database. */
export const newLocation = (): string => {
  made += 1;
  return `location-${made}`;
};

/** A location with a token for that library; its lists are read. */
export async function withLocation(library: FakeLibrary, name = newLocation(), query = ""): Promise<string> {
  const answer = await ask("POST", `${locations}${query}`, { json: { name, token: library.issueToken() } });
  if (answer.status !== 201) throw new Error(answer.text);
  await locationSettled(name);
  return name;
}

const objectOf = (name: string) => env.CONTENT.getByName(name);

/** Turn after turn, until it rests for longer than a moment. */
export async function locationSettled(name: string, mostTurns = 100): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns++) {
    const at = await runInDurableObject(objectOf(name), (_, { storage }) => storage.getAlarm());
    if (at === null || at > Date.now() + 1_000) return;
    await runDurableObjectAlarm(objectOf(name));
  }
  throw new Error(`the location ${name} is not done after ${mostTurns} turns`);
}

/** As if the time had come for what is ordered and refused. */
export async function ordersLater(name: string, times = 1): Promise<void> {
  for (let turns = 0; turns < times; turns++) {
    await env.DB.batch([
      env.DB.prepare("UPDATE licence_orders SET next_at = 0 WHERE location = ? AND next_at IS NOT NULL").bind(
        name,
      ),
      env.DB.prepare("UPDATE licences SET due_at = 0 WHERE location = ? AND due_at IS NOT NULL").bind(name),
      env.DB.prepare("UPDATE content_users SET due_at = 0 WHERE location = ? AND due_at IS NOT NULL").bind(
        name,
      ),
    ]);
    await awakened(name);
  }
}

/** As if the time had come to read these lists again. */
export async function listsLater(
  name: string,
  ...columns: ("assets_due_at" | "assignments_due_at" | "users_due_at" | "full_due_at")[]
) {
  const sets = columns.map((column) => `${column} = 0`).join(", ");
  await env.DB.prepare(`UPDATE content_locations SET ${sets} WHERE name = ?`).bind(name).run();
  await awakened(name);
}

export async function awakened(name: string): Promise<void> {
  await runInDurableObject(objectOf(name), async (_, { storage }) => {
    storage.kv.delete("progress");
    await storage.setAlarm(Date.now());
  });
  await locationSettled(name);
}

export type ListedLicence = Record<"adam_id" | "serial_number" | "client_user_id" | "state", string> & {
  trouble: { reason: string } | null;
};

export const licencesOf = async (name: string, query = ""): Promise<ListedLicence[]> =>
  (await ask("GET", `${locations}/${name}/licences?limit=1000${query}`)).json.items;

export const assetsOf = async (name: string): Promise<Record<string, unknown>[]> =>
  (await ask("GET", `${locations}/${name}/assets`)).json.items;
