// Opens a page in this person's browser.
import { spawn } from "node:child_process";

/** `failed` is called where there is no browser. */
export function openBrowser(url: string, failed: () => void): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program ?? "", [...args, url], { stdio: "ignore", detached: true });
  child.once("error", failed);
  child.unref();
}
