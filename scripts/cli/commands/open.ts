import { spawn } from "node:child_process";
import type { Command } from "../command.ts";

const pages: Readonly<Record<string, string>> = { home: "/", docs: "/api/docs", enroll: "/enroll" };

export const command: Command = {
  words: "[home|docs|enroll]",
  count: [0, 1],
  async run({ words: [page = "home"] }, { server, screen }) {
    const url = new URL(pages[page] ?? "/", server.origin).href;
    if (screen.isJson) return screen.json({ url });
    screen.say(url);
    if (!screen.isAttended) return;
    const [program, ...args] =
      process.platform === "darwin"
        ? ["open"]
        : process.platform === "win32"
          ? ["cmd", "/c", "start", ""]
          : ["xdg-open"];
    const child = spawn(program ?? "", [...args, url], { stdio: "ignore", detached: true });
    child.once("error", () => screen.note("no browser could be opened: follow the link"));
    child.unref();
  },
};
