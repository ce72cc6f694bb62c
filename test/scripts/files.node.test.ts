import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
