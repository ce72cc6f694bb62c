import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppleDevice } from "../support/apple-device.ts";
import { deviceAt, until } from "../support/node/real-device.ts";
import { type RealServer, realServer } from "../support/node/real-server.ts";

// A folder of files and a real server: what `apply` makes of the two.

let server: RealServer;
let folders = 0;

beforeAll(async () => {
  server = await realServer();
});
afterAll(() => server.close());

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = join(server.home, `folder-${++folders}`);
  mkdirSync(path);
  change(path, files);
  return path;
}

function change(path: string, files: Readonly<Record<string, string | null>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    if (text === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

const wifi = `PayloadDisplayName: Wi-Fi
PayloadContent:
  - PayloadType: com.apple.wifi.managed
    SSID_STR: Office
    EncryptionType: WPA2
    Password: \${WIFI_PASSWORD}
`;
const secret = "correct-horse-battery";
const env = { WIFI_PASSWORD: secret };

describe("a folder with a profile and a set", () => {
  let path = "";
  beforeAll(() => {
    path = folder({
      "profiles/com.example.wifi.yaml": wifi,
      "sets/office.yaml": "description: Everybody\nprofiles: [com.example.wifi]\nfilter: {platform: macos}\n",
    });
  });

  test("is valid without a server", async () => {
    const { code, out } = await server.edgemdm(["validate", path], {
      ...env,
      EDGEMDM_URL: "",
      EDGEMDM_TOKEN: "",
    });

    expect([code, out]).toEqual([0, "2 things, nothing wrong.\n"]);
  });

  test("is planned: exit code 2, and the secret is not shown", async () => {
    const { code, out } = await server.edgemdm(["apply", path, "--plan"], env);

    expect(code).toBe(2);
    expect(out).toContain("+ profile com.example.wifi");
    expect(out).toContain("+ set office");
    expect(out).toContain("Password");
    expect(out).not.toContain(secret);
  });

  test("is applied, and applied again changes nothing", async () => {
    const first = await server.edgemdm(["apply", path, "--yes"], env);
    const set = await server.json("GET", "/sets/office");
    const second = await server.edgemdm(["apply", path, "--yes"], env);
    const plan = await server.edgemdm(["apply", path, "--plan"], env);

    expect([first.code, first.err]).toEqual([0, ""]);
    expect(set).toMatchObject({ profiles: ["com.example.wifi"], filter: { platform: "macos" } });
    expect(second.out).toBe("Nothing to do: 2 things as the folder says.\n");
    expect(plan.code).toBe(0);
  });

  test("a changed file is one change, told by its field", async () => {
    change(path, {
      "sets/office.yaml": "description: All Macs\nprofiles: [com.example.wifi]\nfilter: {platform: macos}\n",
    });

    const { code, out } = await server.edgemdm(["apply", path, "--plan"], env);

    expect(code).toBe(2);
    expect(out).toContain("~ set office\n    - description: Everybody\n    + description: All Macs\n");
    expect(out).toContain("0 to create, 1 to change, 0 to delete, 1 as they should be");
  });
});

/** One of everything that needs neither Apple nor another server. */
const everything = {
  "edgemdm.yaml": "scope: office\n",
  "profiles/com.example.everything.yaml": wifi,
  "declarations/com.example.everything.passcode.yaml":
    "type: com.apple.configuration.passcode.settings\npayload: {RequirePasscode: true}\n",
  "declarations/com.example.everything.activation.json": JSON.stringify({
    type: "com.apple.activation.simple",
    payload: { StandardConfigurations: ["com.example.everything.passcode"] },
  }),
  "declarations/com.example.everything.fonts.yaml":
    "type: com.apple.asset.data\npayload: {Reference: {ContentType: application/json}}\ndata: {file: data/motd.json, content_type: application/json}\n",
  "data/motd.json": '{"hello": "world"}',
  "attributes/floor.yaml": "type: number\nminimum: 0\nmaximum: 40\n",
  "attributes/site.yaml": "type: choice\nchoices: [Berlin, Paris]\n",
  "apps/tool.yaml": `source: {manifest: {url: "https://downloads.example.com/tool.plist", bundle_id: com.example.tool}}\nconfiguration: {server: "https://tool.example.com", user: "{{user.email}}", Password: "\${WIFI_PASSWORD}", retries: 3}\nbehaviour: {updates: {from: "22:00", until: "05:00"}}\n`,
  "apps/plain.json": JSON.stringify({
    source: { manifest: { url: "https://downloads.example.com/plain.plist" } },
  }),
  "sets/everything.yaml":
    "description: All of it\nprofiles: [com.example.everything]\ndeclarations: [com.example.everything.passcode, com.example.everything.activation]\napps: [tool]\noptional: {apps: [plain]}\nfilter: {platform: tvos}\n",
  "updates/newest.yaml":
    "platforms: [macos]\ntarget: {kind: latest, days_after_release: 14}\nsets: [everything]\n",
  "ade/profiles/macs.yaml":
    "url: https://mdm.example.com/enroll/ade\nprofile_name: Macs\nis_supervised: true\nis_mdm_removable: false\nskip_setup_items: [Siri]\n",
  "enrollment.yaml":
    "profile: {PayloadDisplayName: The office}\nchallenge_hours: 48\nmdm: {CheckOutWhenRemoved: null}\n",
  "settings.yaml": "organization: The office\naudit_days: 400\n",
  "webhooks/chat.yaml": `url: https://hooks.example.com/\${HOOK}\ntopics: [device.enrolled, problem.*]\nsecret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n`,
};
const all = { ...env, HOOK: "a-secret-address" };
const nothingToDo = /^Nothing to do: \d+ things as the folder says\.\n$/;

describe("a folder with one of everything", () => {
  let path = "";
  beforeAll(() => {
    path = folder(everything);
  });

  test("is valid without a server", async () => {
    const { out, err } = await server.edgemdm(["validate", path], {
      ...all,
      EDGEMDM_URL: "",
      EDGEMDM_TOKEN: "",
    });

    expect([err, out]).toEqual(["", "14 things, nothing wrong.\n"]);
  });

  test("is applied, and twice changes nothing", async () => {
    const first = await server.edgemdm(["apply", path, "--yes"], all);
    const second = await server.edgemdm(["apply", path, "--plan"], all);

    expect([first.err, first.code]).toEqual(["", 0]);
    expect(second.out).toMatch(nothingToDo);
    for (const told of [first.out, first.err, second.out])
      for (const value of Object.values(all)) expect(told).not.toContain(value);
  });

  test("exported and applied again is no change", async () => {
    const key = { EDGEMDM_FILES_KEY: Buffer.alloc(32, 3).toString("base64") };
    const copy = join(server.home, "exported");
    const exported = await server.edgemdm(["export", copy], key);
    const applied = await server.edgemdm(["apply", copy, "--plan"], key);

    expect([exported.err, exported.code]).toEqual(["", 0]);
    expect([applied.err, applied.code]).toEqual(["", 0]);
    expect(applied.out).toMatch(nothingToDo);
  });
});

describe("libraries that chance makes", () => {
  const seeds = [7, 42, 2026];

  test.each(seeds)("exported and applied again are no change: %i", async (seed) => {
    const path = folder(madeUpLibrary(seed));
    const key = { EDGEMDM_FILES_KEY: Buffer.alloc(32, seed % 251).toString("base64") };
    const copy = join(server.home, `made-up-${seed}`);

    const applied = await server.edgemdm(["apply", path, "--yes"], env);
    const exported = await server.edgemdm(["export", copy], key);
    const again = await server.edgemdm(["apply", copy, "--plan"], key);

    expect([applied.err, applied.code]).toEqual(["", 0]);
    expect([exported.err, exported.code]).toEqual(["", 0]);
    expect([again.err, again.code]).toEqual(["", 0]);
    expect(again.out).toMatch(nothingToDo);
  });
});

/** Profiles, declarations, attributes and sets that refer to each other, with names and texts that YAML could misread. */
function madeUpLibrary(seed: number): Record<string, string> {
  let state = seed;
  const roll = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const odd = [
    "no",
    "0123",
    "null",
    "# not a comment",
    "a: b",
    " spaced ",
    "Zürich – 東京",
    "'quoted' \"twice\"",
    "~",
    "1e3",
  ];
  const text = (): string => `${odd[roll(odd.length)]}`;
  const some = <Item>(items: readonly Item[]): Item[] => items.filter(() => roll(2) === 0);
  const files: Record<string, string> = { "edgemdm.yaml": `scope: made-up-${seed}\n` };
  const write = (place: string, name: string, value: unknown): string => {
    files[`${place}/${name}.json`] = JSON.stringify(value);
    return name;
  };
  const profiles = Array.from({ length: 3 }, (_, at) =>
    write("profiles", `com.example.made-up.${seed}.p${at}`, {
      PayloadDisplayName: text(),
      PayloadDescription: text(),
      PayloadContent: [
        {
          PayloadType: "com.apple.wifi.managed",
          SSID_STR: text(),
          EncryptionType: "None",
          AutoJoin: roll(2) === 0,
        },
      ],
    }),
  );
  const declarations = Array.from({ length: 3 }, (_, at) =>
    write("declarations", `com.example.made-up.${seed}.d${at}`, {
      type: "com.apple.configuration.passcode.settings",
      payload: { RequirePasscode: roll(2) === 0, MinimumLength: roll(10) },
    }),
  );
  const apps = Array.from({ length: 3 }, (_, at) =>
    write("apps", `made-up-${seed}-${at}`, {
      source: { manifest: { url: `https://downloads.example.com/${seed}/${at}.plist` } },
      ...(roll(2) === 0 && {
        configuration: { team: text(), flags: { quick: roll(2) === 0, tries: roll(9) } },
      }),
      ...(roll(2) === 0 && { behaviour: { updates: "never", remove_when_unassigned: false } }),
    }),
  );
  const types = [
    { type: "text", description: text(), maximum: 1 + roll(99) },
    { type: "number", minimum: -roll(9), maximum: roll(9) },
    { type: "yes-no", description: text() },
    { type: "date", earliest: "2026-01-31" },
    { type: "choice", choices: some(odd.map((word) => word.trim())).concat("last") },
  ];
  for (const [at, value] of types.entries()) write("attributes", `made-up-${seed}-${at}`, value);
  for (let at = 0; at < 4; at++)
    write("sets", `made-up-${seed}-${at}`, {
      description: text(),
      profiles: some(profiles),
      declarations: some(declarations),
      apps: some(apps),
      ...(roll(2) === 0 && { filter: { platform: "tvos", tag: `tag-${roll(9)}` } }),
      ...(roll(2) === 0 && {
        activate: true,
        predicate: "@status(device.operating-system.family) == 'tvOS'",
      }),
      ...(roll(2) === 0 && { device_name: "{{device.model}}-{{device.serial_number}}" }),
    });
  return files;
}

describe("apps of a folder", () => {
  const source = `source: {manifest: {url: "https://downloads.example.com/chat.plist"}}\n`;
  let path = "";
  beforeAll(async () => {
    path = folder({
      "edgemdm.yaml": "scope: apps\n",
      "apps/chat.yaml": `${source}configuration: {Password: "\${WIFI_PASSWORD}", server: one}\n`,
      "apps/old.yaml": source,
      "sets/chat.yaml": "apps: [chat, old]\n",
    });
    expect((await server.edgemdm(["apply", path, "--yes"], env)).err).toBe("");
  });

  test("a changed configuration is told by its field, and its secrets are not; a viewer is told that it differs", async () => {
    change(path, {
      "apps/chat.yaml": `${source}configuration: {Password: "\${WIFI_PASSWORD}", server: two}\n`,
    });
    const viewer = await server.json("POST", "/tokens", { name: "viewer of apps", role: "viewer" });
    const plan = await server.edgemdm(["apply", path, "--plan"], { ...env, WIFI_PASSWORD: "another" });
    const seen = await server.edgemdm(["apply", path, "--plan"], { ...env, EDGEMDM_TOKEN: viewer.token });

    expect(plan.out).toContain("~ app chat");
    expect(plan.out).toMatch(/- configuration\/server: one[\s\S]*\+ configuration\/server: two/);
    for (const told of [plan.out, seen.out]) expect(told).not.toMatch(/another|correct-horse/);
    expect(seen.out).toMatch(/- configuration: \(secrets\)/);
  });

  test("without its configuration it has none, and pruned, an app goes after the set lets it go", async () => {
    change(path, { "apps/chat.yaml": source, "apps/old.yaml": null, "sets/chat.yaml": "apps: [chat]\n" });

    const applied = await server.edgemdm(["apply", path, "--prune", "--yes"], env);

    expect([applied.err, applied.code]).toEqual(["", 0]);
    expect(await server.json("GET", "/apps/chat")).toMatchObject({ configuration: null, sets: ["chat"] });
    expect((await server.api("GET", "/apps/old")).status).toBe(404);
  });

  test.each([
    [`${source}configuration: {user: "{{user.shoe_size}}"}\n`, "no device has a value for user.shoe_size"],
    [`${source}configuration: {team: null}\n`, "configuration/team: no property list has this"],
    ["source: {}\n", "must have one of: store, manifest, package"],
  ])("what is wrong is told without a server: %j", async (text, sentence) => {
    const { code, out, err } = await server.edgemdm(["validate", folder({ "apps/wrong.yaml": text })], {
      EDGEMDM_URL: "",
      EDGEMDM_TOKEN: "",
    });

    expect(code).toBe(1);
    expect(out + err).toContain(sentence);
  });
});

describe("prune", () => {
  const own = {
    "edgemdm.yaml": "scope: pruned\n",
    "sets/ours-1.yaml": "{description: ours}",
    "sets/ours-2.yaml": "{description: ours}",
  };

  test("deletes what this folder made, and nothing that people or other folders made", async () => {
    const path = folder(own);
    await server.edgemdm(["apply", path, "--yes"]);
    await server.api("PUT", "/sets/by-hand", { description: "somebody's" });
    change(path, { "sets/ours-2.yaml": null });

    const without = await server.edgemdm(["apply", path, "--plan"]);
    const plan = await server.edgemdm(["apply", path, "--prune", "--plan"]);
    const { changes } = JSON.parse((await server.edgemdm(["apply", path, "--prune", "--yes", "--json"])).out);

    expect(without.code).toBe(0);
    expect(plan.out).toContain("- set ours-2\n");
    expect(changes).toEqual([expect.objectContaining({ action: "delete", kind: "sets", name: "ours-2" })]);
    expect((await server.api("GET", "/sets/by-hand")).status).toBe(200);
    expect((await server.api("GET", "/sets/ours-1")).status).toBe(200);
    expect((await server.api("GET", "/sets/ours-2")).status).toBe(404);
  });

  test("a folder that is not there says nothing of its kind; an empty one says that there is none", async () => {
    const path = folder({ ...own, "edgemdm.yaml": "scope: absent\n", "sets/absent.yaml": "{}" });
    await server.edgemdm(["apply", path, "--yes"]);
    rmSync(join(path, "sets"), { recursive: true });
    const absent = await server.edgemdm(["apply", path, "--prune", "--plan"]);
    mkdirSync(join(path, "sets"));
    const empty = await server.edgemdm(["apply", path, "--prune", "--plan"]);

    expect([absent.code, empty.code]).toEqual([0, 2]);
    expect(empty.out).toContain("- set absent\n");
  });
});

describe("what somebody changed by hand", () => {
  test("is put right again, and a plan shows what", async () => {
    const path = folder({ "sets/drift.yaml": "description: from the file\n" });
    await server.edgemdm(["apply", path, "--yes"]);
    await server.api("PUT", "/sets/drift", { description: "by hand" });

    const { out } = await server.edgemdm(["apply", path, "--yes"]);

    expect(out).toContain("- description: by hand\n    + description: from the file\n");
    expect(await server.json("GET", "/sets/drift")).toMatchObject({ description: "from the file" });
  });
});

describe("a filter that is wrong", () => {
  let phones: AppleDevice[] = [];
  beforeAll(async () => {
    await server.api("POST", "/authorities", {});
    phones = await Promise.all(Array.from({ length: 12 }, () => deviceAt(server, "iphone")));
    await until(async () => (await server.json("GET", "/summary")).devices.enrolled >= phones.length);
  }, 120_000);

  test("stops by itself before it touches more devices than ten and a fifth, until its plan is confirmed", async () => {
    const path = folder({
      "profiles/com.example.wrong.yaml": wifi,
      "sets/wrong.yaml": "profiles: [com.example.wrong]\nfilter: {platform: ios}\n",
    });

    const plan = JSON.parse((await server.edgemdm(["apply", path, "--plan", "--json"], env)).out);
    const stopped = await server.edgemdm(["apply", path, "--yes"], env);
    const nothing = await server.api("GET", "/sets/wrong");
    const other = await server.edgemdm(["apply", path, "--confirm", "0123456789ab-12-0"], env);
    const confirmed = await server.edgemdm(["apply", path, "--confirm", plan.id], env);

    expect(plan).toMatchObject({ devices: 12, losing: 0, must_be_confirmed: true });
    expect([stopped.code, nothing.status, other.code]).toEqual([1, 404, 1]);
    expect(stopped.err).toContain(`only with --confirm ${plan.id}`);
    expect([confirmed.err, confirmed.code]).toEqual(["", 0]);
  });

  test("tells who would lose what they have, and is stopped", async () => {
    await until(async () => (await holders("wrong")) === 12);
    const path = folder({
      "profiles/com.example.wrong.yaml": wifi,
      "sets/wrong.yaml": "profiles: [com.example.wrong]\nfilter: {platform: tvos}\n",
    });

    const { code, err, out } = await server.edgemdm(["apply", path, "--yes"], env);

    expect(code).toBe(1);
    expect(out).toContain("~ set wrong  (12 devices, 12 lose by it)\n");
    expect(err).toContain("Nothing was changed.");
    expect(await holders("wrong")).toBe(12);
  });

  test("another description touches nobody, and needs no confirmation", async () => {
    const path = folder({
      "profiles/com.example.wrong.yaml": wifi,
      "sets/wrong.yaml": "description: Phones\nprofiles: [com.example.wrong]\nfilter: {platform: ios}\n",
    });

    const { code, out } = await server.edgemdm(["apply", path, "--yes"], env);

    expect([code, out]).toEqual([0, expect.stringContaining("It concerns 0 of")]);
  });
});

const holders = async (set: string): Promise<number> =>
  (await server.json("GET", `/sets/${set}/channels?limit=200`)).items.length;
