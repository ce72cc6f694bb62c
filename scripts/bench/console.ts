// `npm run bench:console`: whether the console stays instant with ten thousand devices. A real server with a directory
// full of made-up devices, Chromium, and a person who types, filters, sorts, pages, steps, selects, opens and comes back.
import type { Page } from "playwright-core";
import { countOf, readArguments } from "../arguments.ts";
import { run } from "../run.ts";
import { Trouble } from "../trouble.ts";
import { interactions } from "./console-interactions.ts";
import { median, type Times, timesOf } from "./console-times.ts";
import { machine } from "./report.ts";

const atOnce = 500;
const goalMs = 100;

await run(async () => {
  const options = readArguments({
    name: "npm run bench:console",
    does: "Fills a server with made-up devices, and measures in Chromium how long each interaction with their list takes.",
    options: {
      devices: { takes: "N", help: "how many devices", otherwise: "10000" },
      times: { takes: "N", help: "how often each interaction is measured", otherwise: "12" },
      slower: { takes: "N", help: "a processor so many times slower", otherwise: "1" },
    },
  });
  const devices = countOf("devices", options.devices);
  // Loaded when asked for: a server and a browser are much for a page of help.
  const { chromiumPath, openBrowser, visit } = await import("../../test/support/node/browser.ts");
  const { realServer } = await import("../../test/support/node/real-server.ts");
  if (!chromiumPath) throw new Trouble("chromium is not installed: there is no browser to measure in");
  console.log(machine());
  const server = await realServer();
  const browser = await openBrowser();
  try {
    const { DB } = (await server.harness.getWorker().getEnv()) as { DB: D1Database };
    await fill(DB, devices);
    const visitor = await visit(browser, server.origin, server.token);
    const { page } = visitor;
    const debug = await page.context().newCDPSession(page);
    await debug.send("Emulation.setCPUThrottlingRate", { rate: countOf("slower", options.slower) });
    await visitor.open("/devices");
    console.log(`${devices} devices; ms, the middle one and the worst\n`);
    console.log(line("", "n", "to the next picture", "answer", "answer to picture"));
    const slow = await measureAll(page, countOf("times", options.times));
    if (visitor.complaints.length > 0) throw new Trouble(visitor.complaints.join("\n"));
    if (slow.length > 0) throw new Trouble(`not under ${goalMs} ms: ${slow.join(", ")}`);
  } finally {
    await browser.close();
    await server.close();
  }
});

async function fill(db: D1Database, devices: number): Promise<void> {
  const { insertRows, seededRows } = await import("../../test/support/seeded-fleet.ts");
  const now = Date.now();
  for (let first = 0; first < devices; first += atOnce)
    for (const [table, rows] of Object.entries(seededRows(first, Math.min(atOnce, devices - first), now)))
      await insertRows(db, table, rows);
}

/** The names of what took too long. */
async function measureAll(page: Page, times: number): Promise<string[]> {
  const slow: string[] = [];
  for (const [name, { prepare, act }] of Object.entries(interactions)) {
    const measured: Times[] = [];
    for (let round = 0; round < times; round++)
      measured.push(
        await timesOf(
          page,
          () => act(page, round),
          async () => prepare?.(page, round),
        ),
      );
    const answers = measured.flatMap(({ answer }) => answer ?? []);
    const ours = measured.map(({ paint, shown, answer }) => [paint, answer === undefined ? 0 : shown]);
    if (median(ours.map((some) => Math.max(...some))) >= goalMs) slow.push(name);
    console.log(
      line(
        name,
        String(times),
        pair(measured.map(({ paint }) => paint)),
        answers.length === 0 ? "" : pair(answers),
        pair(measured.map(({ shown }) => shown)),
      ),
    );
  }
  return slow;
}

function pair(values: readonly number[]): string {
  return `${Math.round(median(values))} / ${Math.round(Math.max(...values))}`;
}

function line(name: string, count: string, ...figures: string[]): string {
  return `${name.padEnd(34)} ${count.padStart(3)} ${figures.map((figure) => figure.padStart(20)).join(" ")}`;
}
