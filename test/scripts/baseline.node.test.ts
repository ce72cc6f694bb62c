import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../../client/src/index.ts";
import { folderOf } from "../../scripts/cli/baseline/index-file.ts";
import { filesIn, partsOf, renamedSets } from "../../scripts/cli/baseline/parts.ts";
import { carryOut, planOf } from "../../scripts/cli/baseline/plan.ts";
import { type AppleDevice, failed, plausibleAnswer } from "../support/apple-device.ts";
import { deviceAt, until } from "../support/node/real-device.ts";
import { type RealServer, realServer, token } from "../support/node/real-server.ts";

// The real program, a real server, and a Mac and an iPhone that do what they are told, or refuse it.

const checkout = resolve(import.meta.dirname, "../fixtures/mscp");
let server: RealServer;
let mac: AppleDevice;
let phone: AppleDevice;

beforeAll(async () => {
  server = await realServer();
  await api("POST", "/authorities", {});
  mac = await deviceAt(server, "mac");
  phone = await deviceAt(server, "iphone");
  await until(async () => (await json("devices")).length === 2);
});
afterAll(() => server.close());

const edgemdm = (...args: string[]) => server.edgemdm(args);
const json = async (...args: string[]) => JSON.parse((await edgemdm(...args, "--json")).out);

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
const api = (method: string, path: string, body?: object): Promise<any> => server.json(method, path, body);

type Rule = {
  rule: string;
  state: string;
  drifting: number;
  devices: { device_id: string; reason: string }[];
};
const rulesOf = async (...args: string[]): Promise<Rule[]> =>
  (await json("baseline", "status", ...args)).rules;
/** How many devices have the profile in each state: what the program asks too, which takes longer to start than to ask. */
const countsOf = async (profile: string): Promise<Record<string, number>> =>
  (await api("GET", `/profiles/${profile}/devices?limit=1`)).counts;
const stateOf = (rules: readonly Rule[], name: string) => rules.find(({ rule }) => rule === name)?.state;

describe("sensible-mac", () => {
  test("--plan says what would change and how many devices that reaches, and changes nothing", async () => {
    const { code, out } = await edgemdm("baseline", "sensible-mac", "--set", "all-macs", "--plan");

    expect(code).toBe(0);
    expect(out).toContain("  + profile sensible-mac.filevault\n");
    expect(out).toContain('  + set all-macs\n      for {"platform":"macos"}\n');
    expect(out).toContain("  + enrollment setting file_vault_escrow\n");
    expect(out).toContain("The set all-macs reaches 1 device.");
    expect((await api("GET", "/profiles")).items).toEqual([]);
  });

  test("where nobody can be asked, it wants --yes", async () => {
    const { code, err } = await edgemdm("baseline", "sensible-mac", "--set", "all-macs");

    expect([code, err.trim()]).toEqual([1, "say --yes to make these changes; --plan only shows them"]);
    expect((await api("GET", "/profiles")).items).toEqual([]);
  });

  test("makes the set that is missing, and brings the settings to the Mac", async () => {
    const { code, out, err } = await edgemdm("baseline", "sensible-mac", "--set", "all-macs", "--yes");

    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("edgemdm baseline status sensible-mac --set all-macs tells");
    await until(async () => {
      await mac.converse();
      return mac.profiles.has("sensible-mac.filevault") && mac.profiles.has("sensible-mac.firewall");
    });
    expect(phone.profiles.has("sensible-mac.firewall")).toBe(false);
    const settings = await api("GET", "/enrollment/settings");
    expect(settings.file_vault_escrow).toMatch(/^Your organization has the recovery key/);
    const policy = await api("GET", "/software-updates/policies/sensible-mac");
    expect(policy).toMatchObject({ sets: ["all-macs"], target: { kind: "latest", days_after_release: 14 } });
  });

  test("again, changes nothing", async () => {
    const { code, out } = await edgemdm("baseline", "sensible-mac", "--set", "all-macs");

    expect(code).toBe(0);
    expect(out).toContain("all-macs: sensible-mac is there already, and nothing changes.");
  });

  test("keeps what the set has besides, and what an administrator chose", async () => {
    await api("PUT", "/profiles/com.example.wifi", {
      PayloadDisplayName: "Wi-Fi",
      PayloadContent: [{ PayloadType: "com.apple.wifi.managed", SSID_STR: "Office", EncryptionType: "None" }],
    });
    await api("PUT", "/sets/lab", {
      description: "The lab",
      profiles: ["com.example.wifi"],
      filter: { platform: "macos", tag: "lab" },
    });
    await api("PATCH", "/enrollment/settings", { file_vault_escrow: "Ask Ada" });

    const { out } = await edgemdm("baseline", "sensible-mac", "--set", "lab", "--yes");

    expect(out).toContain("  ~ set lab\n      + profile sensible-mac.filevault\n");
    expect(out).toContain("The set lab reaches 0 devices.");
    expect(await api("GET", "/sets/lab")).toMatchObject({
      description: "The lab",
      profiles: [
        "com.example.wifi",
        "sensible-mac.filevault",
        "sensible-mac.firewall",
        "sensible-mac.gatekeeper",
      ],
      filter: { platform: "macos", tag: "lab" },
      activate: true,
    });
    expect((await api("GET", "/enrollment/settings")).file_vault_escrow).toBe("Ask Ada");
  });

  test("what somebody changed at the server is named field by field, and put right", async () => {
    await api("PUT", "/declarations/sensible-mac.passcode", {
      type: "com.apple.configuration.passcode.settings",
      payload: { RequirePasscode: true, MinimumLength: 4 },
    });

    const { out } = await edgemdm("baseline", "sensible-mac", "--set", "all-macs", "--yes");

    expect(out).toContain("  ~ declaration sensible-mac.passcode\n");
    expect(out).toContain("/payload/MinimumLength: 4 becomes 8\n");
    expect((await api("GET", "/declarations/sensible-mac.passcode")).payload.MinimumLength).toBe(8);
  });
});

test("what somebody else changed in between is not overwritten", async () => {
  const own = new Client({ origin: server.origin, token });
  const parts = renamedSets(await partsOf(filesIn(folderOf("sensible-iphone"))), "lab");
  const steps = await planOf(parts, own);
  await api("PUT", "/sets/lab", {
    description: "Somebody else's",
    filter: { platform: "macos", tag: "lab" },
  });

  const set = steps.find(({ kind, name }) => kind === "set" && name === "lab");

  expect(set?.isNew).toBe(false);
  await expect(set && carryOut(set, own)).rejects.toMatchObject({ problem: { status: 412 } });
});

describe("drift", () => {
  test("is told rule by rule, with the devices that do not keep it, and by the exit code", async () => {
    await until(async () => {
      await mac.converse();
      return (await countsOf("sensible-mac.gatekeeper")).installed === 1;
    });
    expect(stateOf(await rulesOf("sensible-mac", "--set", "all-macs"), "gatekeeper")).toBe("kept");
    await api("PUT", "/profiles/sensible-mac.gatekeeper", {
      PayloadDisplayName: "Gatekeeper",
      PayloadContent: [{ PayloadType: "com.apple.systempolicy.control", EnableAssessment: false }],
    });
    await until(async () => {
      await mac.converse((command) =>
        command.requestType === "InstallProfile"
          ? failed(4001, "The profile is not wanted")
          : plausibleAnswer(command, mac),
      );
      return (await countsOf("sensible-mac.gatekeeper")).failed === 1;
    });

    const { code, out } = await edgemdm("baseline", "status", "sensible-mac", "--set", "all-macs");
    const rules = await rulesOf("sensible-mac", "--set", "all-macs");

    expect(code).toBe(3);
    expect(out).toContain("Sensible Mac: password, screen lock, FileVault, firewall, Gatekeeper, updates");
    expect(out).toMatch(/^gatekeeper +1 .*failed: .*The profile is not wanted/m);
    expect(rules.find(({ rule }) => rule === "gatekeeper")).toMatchObject({
      drifting: 1,
      devices: [{ device_id: mac.id }],
    });
    expect(stateOf(rules, "firewall")).toBe("kept");
  });

  test("of a baseline that nobody put on the server, every rule is missing", async () => {
    const rules = await rulesOf("sensible-iphone");

    expect(rules.map(({ state }) => state)).toEqual(["missing", "missing", "missing", "missing", "missing"]);
  });
});

test("a baseline of mSCP goes into a set, and from its folder tells which rules drift", async () => {
  const to = ["baseline", "mscp", checkout, "--baseline", "small", "--set", "all-macs"];
  await edgemdm(...to, "--out", "small");

  const first = await edgemdm(...to, "--yes");
  const again = await edgemdm(...to, "--yes");

  expect(first.out).toContain("  ~ set all-macs\n      + profile mscp.small.ManagedClient.preferences\n");
  expect(again.out).toContain("all-macs: small is there already, and nothing changes.");
  await until(async () => {
    await mac.converse();
    return stateOf(await rulesOf("small"), "os_corners") === "kept";
  });
  expect(await rulesOf("small")).toHaveLength(8);
});

test("what is no baseline is said with what was meant", async () => {
  const { code, err } = await edgemdm("baseline", "sensible-mc", "--plan");

  expect(code).toBe(1);
  expect(err).toContain("did you mean sensible-mac?");
});
