// edgemdm as a person starts it: `npm start` in a fresh copy of the project.

import { ProjectCopy } from "./project-copy.ts";
import { handsOf, type ServerHands } from "./server-hands.ts";

export type StartedServer = ServerHands & { close: () => Promise<void> };

export async function startedServer(...more: readonly string[]): Promise<StartedServer> {
  const copy = new ProjectCopy(["test", "examples"]);
  try {
    const start = copy.script(["start", "--port", "0", ...more]);
    const [, origin = ""] = await start.says(/edgemdm runs at (http:\/\/localhost:\d+)/);
    await start.says(/Ctrl-C stops it/);
    const token = /^ADMIN_TOKEN=(.*)$/m.exec(copy.read(".dev.vars"))?.[1] ?? "";
    const hands = handsOf({ origin, token, home: copy.folder });
    return { origin, token, ...hands, close: () => copy.remove() };
  } catch (error) {
    await copy.remove();
    throw error;
  }
}
