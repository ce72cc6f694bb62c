import type { Command } from "../command.ts";
import { runScript } from "../script.ts";

export const command: Command = {
  words: "FILE",
  count: [1, 1],
  options: { force: { help: "into a server that has devices already" } },
  run: ({ words: [file = ""], has }, { server }) =>
    runScript(
      "restore",
      ["--url", server.origin, "--in", file, ...(has("force") ? ["--force"] : [])],
      server,
    ),
};
