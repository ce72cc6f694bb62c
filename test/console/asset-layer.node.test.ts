import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { securityHeaders } from "../../scripts/console/asset-rules.ts";
import { accountPaths } from "../../src/http/device/account/paths.ts";
import { kmfddmPaths } from "../../src/http/kmfddm/paths.ts";
import { nanocmdPaths } from "../../src/http/nanocmd/paths.ts";
import { nanodepPaths } from "../../src/http/nanodep/paths.ts";
import { nanomdmPaths } from "../../src/http/nanomdm/paths.ts";
import { type RealServer, realServer } from "../support/node/real-server.ts";

// Who answers what: the asset layer below /console, the Worker everywhere else. Over HTTP, because tests within the Worker
// never meet the asset layer, and that layer would answer a device's PUT with 405.

const project = resolve(import.meta.dirname, "../..");

let server: RealServer;
beforeAll(async () => {
  server = await realServer();
});
afterAll(() => server.close());

const ask = (method: string, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.origin}${path}`, { method, headers, redirect: "manual" });

/** Every answer of the Worker has the request's id, and none of the asset layer's. */
const isWorkers = ({ headers }: Response): boolean => headers.has("X-Request-Id");

const inSource = (file: string): string[] =>
  [...readFileSync(join(project, file), "utf8").matchAll(/"(\/[\w.*:/{}-]*)"/g)].map(([, path = ""]) => path);

/** As a request has it: `*` and parameters stand for something. */
const asRequest = (path: string): string =>
  path.replaceAll(/:\w+(\{[^}]*\})?|\{\w+\}|\*/g, "something").replace(/\/{2,}/g, "/");

describe("the Worker alone answers", () => {
  const mounted = ["src/app.ts", "src/http/health.ts", "src/http/device/mdm.ts", "src/http/device/scep.ts"];
  const compatible = [...kmfddmPaths, ...nanomdmPaths, ...nanocmdPaths, ...nanodepPaths];
  const paths = [...mounted.flatMap(inSource), ...compatible, ...accountPaths]
    .filter((path) => !path.startsWith("/console"))
    .map(asRequest);
  const unknown = [
    "/nothing",
    "/page.html",
    "/_headers",
    "/index.html",
    "/Console/",
    "/consoles",
    "/mdm/console/",
  ];

  test("the list has the paths of devices", () => {
    expect(paths).toEqual(
      expect.arrayContaining(["/mdm", "/checkin", "/scep", "/acme/something", "/enroll"]),
    );
    expect(paths.length).toBeGreaterThan(50);
  });

  test.each([...new Set([...paths, ...unknown])])("%s, by every method", async (path) => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const answer = await ask(method, path);
      await answer.text();

      expect(isWorkers(answer), `${method} ${path}: ${answer.status}`).toBe(true);
    }
  });

  test("a browser's visit as well, which the asset layer prefers for itself", async () => {
    const visit = { "Sec-Fetch-Mode": "navigate", Accept: "text/html" };

    for (const path of ["/", "/me", "/enroll", "/api/docs", "/nothing"])
      expect(isWorkers(await ask("GET", path, visit)), path).toBe(true);
  });

  test("every operation of the API", async () => {
    const { paths: operations } = (await (await ask("GET", "/api/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const calls = Object.entries(operations).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
        .map((method) => [method.toUpperCase(), asRequest(path)] as const),
    );

    expect(calls.length).toBeGreaterThan(200);
    for (const [method, path] of calls) {
      const answer = await ask(method, path);
      await answer.text();
      expect(isWorkers(answer), `${method} ${path}: ${answer.status}`).toBe(true);
    }
  });
});

describe("the asset layer answers below /console, without a call of the Worker", () => {
  let program: string;
  beforeAll(async () => {
    const page = await (await ask("GET", "/console/")).text();
    program = /src="([^"]+main\.js)"/.exec(page)?.[1] ?? "";
  });

  type Expected = { status: number; type: string | null; cache: string | null };
  const page: Expected = {
    status: 200,
    type: "text/html; charset=utf-8",
    cache: "public, max-age=0, must-revalidate",
  };
  const missing = { status: 404, type: null, cache: null };
  const notAllowed = { status: 405, type: null, cache: null };
  const cases: [string, string, Expected][] = [
    ["GET", "/console/", page],
    ["HEAD", "/console/", page],
    ["GET", "/console/devices", page],
    ["GET", "/console/devices/0b0c2d6e-6f0a-4b6e-9d5e-3b7f2f5b1c11/commands", page],
    ["GET", "/console/?q=mdm&sort=name", page],
    ["GET", "/console/names/%3Cimg%20src%3Dx%3E", page],
    ["GET", "/console/page.html", page],
    ["GET", "/console/_headers", page],
    ["GET", "/console/x.js", missing],
    ["GET", "/console/000000000000/main.js", missing],
    ["GET", "/console/devices/main.css", missing],
    ["POST", "/console/", notAllowed],
    ["PUT", "/console/devices", notAllowed],
    ["DELETE", "/console/devices/1", notAllowed],
  ];

  test.each(cases)("%s %s", async (method, path, { status, type, cache }) => {
    const answer = await ask(method, path);

    expect(answer.status).toBe(status);
    expect(answer.headers.get("Content-Type")).toBe(type);
    expect(answer.headers.get("Cache-Control")).toBe(cache);
    expectGuarded(answer);
  });

  test("the program is kept by browsers for a year, the page that names it is asked for each time", async () => {
    const answer = await ask("GET", program);

    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expectGuarded(answer);
    const first = await ask("GET", "/console/");
    const again = await ask("GET", "/console/", { "If-None-Match": first.headers.get("ETag") ?? "" });
    expect(again.status).toBe(304);
    expectGuarded(again);
  });

  test("/console leads to the console", async () => {
    const answer = await ask("GET", "/console");

    expect([answer.status, answer.headers.get("Location")]).toEqual([307, "/console/"]);
    expectGuarded(answer);
  });

  function expectGuarded(answer: Response): void {
    expect(isWorkers(answer), "the Worker was called").toBe(false);
    for (const [name, value] of Object.entries(securityHeaders))
      expect(answer.headers.get(name), name).toBe(value);
    expect(answer.headers.has("Access-Control-Allow-Origin")).toBe(false);
  }
});
