// One server and one browser for all suites of a test file, which come one after the other.
import type { Browser } from "playwright-core";
import { openBrowser } from "./browser.ts";
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

export async function leaveStage(): Promise<void> {
  await (await browser)?.close();
  await (await server)?.close();
}
