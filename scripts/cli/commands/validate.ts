import type { Command } from "../command.ts";
import { checkedFolder } from "../files/checked-folder.ts";

export const command: Command = {
  words: "DIR",
  count: [1, 1],
  also: "No server is asked. What the folder may hold: docs/files.md.",
  async run({ words: [path = ""] }, { screen }) {
    const { things, findings } = await checkedFolder(path, screen);
    if (screen.isJson) screen.json({ things: things.length, findings });
    else screen.say(`${things.length} things, nothing wrong.`);
  },
};
