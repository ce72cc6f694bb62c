// One server and one browser for all suites of a test file, which come one after the other.
import type { Browser } from "playwright-core";
import { expect } from "vitest";
import { type Look, openBrowser, type Visitor, visit } from "./browser.ts";
import { type ConsoleFleet, fillConsole } from "./console-fleet.ts";
import { type RealServer, realServer } from "./real-server.ts";

let server: Promise<RealServer> | undefined;
let browser: Promise<Browser> | undefined;
let fleet: Promise<ConsoleFleet> | undefined;

/** As the suite before has left it; at first there is nothing. */
export function stageServer(): Promise<RealServer> {
  server ??= realServer();
  return server;
}

export function stageBrowser(): Promise<Browser> {
  browser ??= openBrowser();
  return browser;
}

/** The devices of `fillConsole`, which that server has from then on. */
export async function stageFleet(): Promise<ConsoleFleet> {
  fleet ??= fillConsole(await stageServer());
  return fleet;
}

/** In the console, a request that is meant to be refused. */
export const refusals = / 4\d\d /;

/** Somebody with a new token of that role opens a page. What it complains of fails the test, but for what is `meant`. */
export async function visitAs(
  role: string,
  path: string,
  see: (visitor: Visitor) => Promise<void>,
  { look, meant }: { look?: Look; meant?: RegExp } = {},
): Promise<void> {
  const [{ origin, json }, browser] = await Promise.all([stageServer(), stageBrowser()]);
  const { token } = await json("POST", "/tokens", { name: `${role} of the test`, role });
  const visitor = await visit(browser, origin, token, look);
  try {
    await visitor.open(path);
    await see(visitor);
    expect(visitor.complaints.filter((one) => !meant?.test(one))).toEqual([]);
  } finally {
    await visitor.close();
  }
}

export async function leaveStage(): Promise<void> {
  await (await browser)?.close();
  await (await server)?.close();
}
