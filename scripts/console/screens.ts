// `npm run console:screens`: pictures of every page of the console, so that who writes one looks at it.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pages } from "../../test/console/pages.ts";
import type { Look } from "../../test/support/node/browser.ts";
import { readArguments } from "../arguments.ts";
import { run } from "../run.ts";
import { Trouble, writing } from "../trouble.ts";

const themes = ["light", "dark"] as const;
const widths = [390, 1280] as const;

await run(async () => {
  const { out, only, empty, hostile, language } = readArguments({
    name: "npm run console:screens",
    does: "Starts a server with a simulated fleet, and makes a picture of every page of the console: light and dark, 390 and 1280 pixels wide.",
    options: {
      out: { takes: "FOLDER", help: "where they go", otherwise: ".wrangler/screens" },
      only: { takes: "PAGE", help: "only pages whose name begins so" },
      language: { takes: "xx", help: "en, de, es, fr or ja", otherwise: "en" },
      empty: { help: "a server that has nothing yet" },
      hostile: { help: "with devices and texts that have hostile names" },
    },
  });
  // Loaded when asked for: a server and a browser are much for a page of help.
  const { chromiumPath, openBrowser, settled, visit } = await import("../../test/support/node/browser.ts");
  const { overhang } = await import("../../test/support/node/judge-page.ts");
  const { fillConsole } = await import("../../test/support/node/console-fleet.ts");
  const { realServer } = await import("../../test/support/node/real-server.ts");
  if (!chromiumPath)
    throw new Trouble("chromium is not installed: there is no browser to make pictures with");
  const folder = resolve(out);
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  const chosen = Object.entries(pages).filter(([name]) => name.startsWith(only ?? ""));
  if (chosen.length === 0) throw new Trouble(`no page begins with ${only}: ${Object.keys(pages).join(", ")}`);
  const server = await realServer();
  const browser = await openBrowser();
  try {
    const fleet = empty ? undefined : await fillConsole(server, { hostile });
    for (const theme of themes)
      for (const width of widths) {
        const look = { theme, width, language: language as NonNullable<Look["language"]> };
        const visitor = await visit(browser, server.origin, server.token, look);
        for (const [name, path] of chosen) {
          await visitor.open(fleet?.pathOf(path) ?? path);
          await settled(visitor.page);
          const file = join(folder, `${name}-${width}-${theme}.png`);
          await visitor.page.screenshot({ path: file, fullPage: true });
          const beyond = await overhang(visitor.page);
          const notes = [
            ...visitor.complaints.splice(0),
            ...(beyond > 0 ? [`${beyond} pixels stick out`] : []),
          ];
          console.log(`${file}${notes.length > 0 ? `\n  ${notes.join("\n  ")}` : ""}`);
        }
        await visitor.close();
      }
  } finally {
    await browser.close();
    await server.close();
  }
});
