import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";

// What a program's author does: takes the description from the server, makes a client of it, and compiles it.

const here = import.meta.dirname;
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: {
        MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
        ADMIN_TOKEN: "an-admin-token-of-at-least-32-characters",
      },
    },
  ],
});
mkdirSync(join(here, "node_modules", ".clients"), { recursive: true });
const folder = mkdtempSync(join(here, "node_modules", ".clients", "made-"));
const description = join(folder, "openapi.json");

beforeAll(async () => {
  const { url } = await harness.listen();
  writeFileSync(description, await (await fetch(new URL("/api/openapi.json", url))).text());
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true });
});

/** Runs a tool that a package of this folder brings. */
function run(name: string, script: string, ...args: string[]): void {
  const homes = [join(here, "node_modules", name), join(here, "../../node_modules", name)];
  const root = homes.find((home) => existsSync(home)) ?? name;
  execFileSync(process.execPath, [join(root, script), ...args], {
    cwd: folder,
    stdio: "pipe",
    encoding: "utf8",
  });
}

function compile(file: string): void {
  try {
    run(
      "typescript",
      "bin/tsc",
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "--lib",
      "es2022,dom,dom.iterable",
      file,
    );
  } catch (fault) {
    throw new Error((fault as { stdout?: string }).stdout, { cause: fault });
  }
}

test("openapi-typescript makes types of the description that a program compiles with", () => {
  run("openapi-typescript", "bin/cli.js", description, "-o", "types.ts");
  writeFileSync(
    join(folder, "program.ts"),
    `import type { components, operations } from "./types";
type Page = components["schemas"]["DevicePage"];
type Listed = operations["listDevices"]["responses"][200]["content"]["application/json"];
type Order = operations["sendCommand"]["requestBody"]["content"]["application/json"];
export const order: Order = { request_type: "DeviceLock", payload: { PIN: "123456" } };
export const names = (page: Listed): (string | null)[] => page.items.map(({ name }) => name);
export const next = (page: Page): string | null => page.next_cursor;
// @ts-expect-error a device has no such field
export const wrong = (page: Page) => page.items[0].nonsense;
`,
  );

  compile("program.ts");
});

test("swagger-typescript-api makes a client whose methods have the names of the operations", () => {
  run(
    "swagger-typescript-api",
    "dist/cli.mjs",
    "generate",
    "-p",
    description,
    "-o",
    folder,
    "-n",
    "client.ts",
    "--silent",
  );
  writeFileSync(
    join(folder, "caller.ts"),
    `import { Api } from "./client";
const client = new Api({ baseUrl: "https://mdm.example.com" });
export const lock = (id: string) => client.api.sendCommand(id, { request_type: "DeviceLock" });
export const all = async () => (await client.api.listDevices({ state: "enrolled", sort: "-name" })).data.items;
`,
  );

  compile("caller.ts");
});
