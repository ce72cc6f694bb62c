import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RealServer, realServer } from "../support/node/real-server.ts";
import { type Moment, watchedWrites } from "../support/node/watched-writes.ts";

// `apply` is killed on its way, again and again: what comes of it is the same as if it had run once.

let empty: RealServer;
let full: RealServer;

beforeAll(async () => {
  [empty, full] = [await realServer(), await realServer()];
});
afterAll(() => Promise.all([empty.close(), full.close()]));

/** Two of each: so the kills fall on every kind. */
const count = 2;
const numbers = Array.from({ length: count }, (_, at) => at);

const profile = (at: number, password: string) =>
  JSON.stringify({
    PayloadDisplayName: `Wi-Fi ${at}`,
    PayloadContent: [
      {
        PayloadType: "com.apple.wifi.managed",
        SSID_STR: `Office ${at}`,
        EncryptionType: "WPA2",
        Password: password,
      },
    ],
  });

const files: Readonly<Record<string, string>> = {
  "edgemdm.yaml": "scope: killed\n",
  ...Object.fromEntries(
    numbers.flatMap((at) => [
      [`profiles/com.example.wifi-${at}.json`, profile(at, "correct-horse")],
      [
        `declarations/com.example.fonts-${at}.yaml`,
        `type: com.apple.asset.data\npayload: {Reference: {ContentType: application/json}}\ndata: {file: data/motd.json, content_type: application/json}\n`,
      ],
      [
        `sets/set-${at}.yaml`,
        `description: number ${at}\nprofiles: [com.example.wifi-${at}]\nfilter: {tag: "tag-${at}"}\n`,
      ],
    ]),
  ),
  "data/motd.json": '{"hello": "world"}',
  "updates/newest.yaml":
    "platforms: [macos]\ntarget: {kind: latest, days_after_release: 14}\nsets: [set-0]\n",
  "enrollment.yaml": "challenge_hours: 48\n",
  "settings.yaml": "organization: The office\n",
  "webhooks/chat.yaml": "url: https://hooks.example.com/chat\ntopics: [device.enrolled]\n",
};

function folderOn(server: RealServer): string {
  const path = join(server.home, "folder");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** What is there, without times and ids of its own. */
async function contentOf(server: RealServer): Promise<unknown> {
  const list = async (path: string) => (await server.json("GET", `${path}?limit=200`)).items;
  const [profiles, declarations, sets, policies, hooks, made] = await Promise.all(
    ["/profiles", "/declarations", "/sets", "/software-updates/policies", "/webhooks", "/managed-things"].map(
      list,
    ),
  );
  return {
    profiles: profiles.map(({ identifier, digest }: Record<string, unknown>) => [identifier, digest]),
    declarations: declarations.flatMap(({ identifier, data_sha256: hash }: Record<string, unknown>) =>
      String(identifier).startsWith("com.example.") ? [[identifier, hash]] : [],
    ),
    sets: sets.map(({ name, description, profiles: has, filter }: Record<string, unknown>) => [
      name,
      description,
      has,
      filter,
    ]),
    policies: policies.map(({ name, target }: Record<string, unknown>) => [name, target]),
    hooks: hooks.map(({ name, topics }: Record<string, unknown>) => [name, topics]),
    made: made.map(({ path }: { path: string }) => path.replace(/(webhooks\/).*/, "$1…")),
    settings: (await server.json("GET", "/settings")).organization,
    enrollment: (await server.json("GET", "/enrollment/settings")).challenge_hours,
  };
}

/** Its second write is its last: now it is not carried out, now it is, and the answer is never heard. */
async function killed(server: RealServer, path: string, when: Moment["when"]): Promise<boolean> {
  let kill = (): void => undefined;
  const watched = await watchedWrites(server.origin, (moment) => {
    const isLast = moment.at === 2 && moment.when === when;
    if (isLast) kill();
    return isLast;
  });
  const run = server.begin(["apply", path, "--prune", "--yes"], { EDGEMDM_URL: watched.origin });
  kill = run.kill;
  const { code } = await run.ended;
  watched.close();
  return code === null;
}

/** Kills it six times, each time a little further on its way, and then lets it end. */
async function killedSixTimes(server: RealServer, path: string): Promise<number> {
  let times = 0;
  for (const when of Array.from({ length: 3 }, () => ["before", "after"] as const).flat())
    if (await killed(server, path, when)) times++;
  const last = await server.edgemdm(["apply", path, "--prune", "--yes"]);
  expect([last.code, last.err]).toEqual([0, ""]);
  return times;
}

test("killed six times on an empty server, and on a full one, it ends the same", async () => {
  const [onEmpty, onFull] = [folderOn(empty), folderOn(full)];
  // The same names with other contents, and what an earlier apply made and the folder has no longer.
  await full.api("PUT", "/sets/set-1", { description: "somebody's", filter: { platform: "ios" } });
  await full.api("PUT", "/sets/set-90", { description: "an earlier one" }, { "Managed-By": "files/killed" });
  await full.api("PATCH", "/settings", { organization: "Before" });

  const times = [await killedSixTimes(empty, onEmpty), await killedSixTimes(full, onFull)];
  const again = await empty.edgemdm(["apply", onEmpty, "--prune", "--plan"]);
  const [first, second] = [await contentOf(empty), await contentOf(full)];

  expect(times).toEqual([6, 6]);
  expect(again.out).toBe(`Nothing to do: ${3 * count + 4} things as the folder says.\n`);
  // What somebody made by hand stays somebody's, although the folder says what is in it.
  const made = (content: unknown) => (content as { made: string[] }).made;
  expect(made(second)).toEqual(made(first).filter((path) => path !== "/api/v1/sets/set-1"));
  expect({ ...(second as object), made: [] }).toEqual({ ...(first as object), made: [] });
});
