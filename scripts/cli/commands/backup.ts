import type { Command } from "../command.ts";
import { runScript } from "../script.ts";

export const command: Command = {
  words: "FILE",
  count: [1, 1],
  also: "Keep the file like a password: with the MASTER_KEY it is the whole server.",
  run: ({ words: [file = ""] }, { server }) =>
    runScript("backup", ["--url", server.origin, "--out", file], server),
};
