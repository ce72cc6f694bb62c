import { openBrowser } from "../browser.ts";
import type { Command } from "../command.ts";

const pages: Readonly<Record<string, string>> = { home: "/", docs: "/api/docs", enroll: "/enroll" };

export const command: Command = {
  words: "[home|docs|enroll]",
  count: [0, 1],
  async run({ words: [page = "home"] }, { server, screen }) {
    const url = new URL(pages[page] ?? "/", server.origin).href;
    if (screen.isJson) return screen.json({ url });
    screen.say(url);
    if (screen.isAttended) openBrowser(url, () => screen.note("no browser could be opened: follow the link"));
  },
};
