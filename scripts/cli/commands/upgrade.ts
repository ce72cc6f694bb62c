import type { Command } from "../command.ts";
import { runScript } from "../script.ts";

export const command: Command = {
  options: {
    from: { takes: "SOURCE", help: "a git address, or a .tgz file" },
    to: { takes: "TAG", help: "which release of the git address" },
    "dry-run": { help: "show what would change" },
    back: { help: "return to the release before" },
    yes: { help: "ask nobody" },
  },
  also: "It works on the folder that edgemdm was deployed from: docs/upgrade.md.",
  run: ({ value, has }) =>
    runScript("upgrade", [
      ...["from", "to", "url"].flatMap((name) =>
        value(name) === undefined ? [] : [`--${name}`, value(name) ?? ""],
      ),
      ...["dry-run", "back", "yes"].filter(has).map((name) => `--${name}`),
    ]),
};
