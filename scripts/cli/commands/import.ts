import type { Command } from "../command.ts";
import { runScript } from "../script.ts";

export const command: Command = {
  words: "micromdm|devices FILE",
  count: [2, 2],
  also: "micromdm: a copy of MicroMDM's database. devices: a CSV table of serial_number, tags, notes, user_email, user_name, user_department and attributes. See docs/moving-in.md.",
  run: ({ words: [kind = "", file = ""] }, { server }) =>
    runScript("import", [kind, file, "--url", server.origin], server),
};
