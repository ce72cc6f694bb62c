import type { Command } from "../command.ts";
import { Api } from "../files/api.ts";
import { keyVariable, sealedFile } from "../files/sealed.ts";
import { writeFolder } from "../files/write-folder.ts";

export const command: Command = {
  words: "DIR",
  count: [1, 1],
  also: `Secrets are written as names, and sealed into ${sealedFile} if ${keyVariable} is set. docs/files.md tells what the folder holds.`,
  async run({ words: [path = ""] }, { api, screen, server }) {
    const { files, wanted, left } = await writeFolder(new Api(api, server.origin), path);
    if (screen.isJson) return screen.json({ files, secrets_wanted: wanted, left });
    screen.say(`${files.length} files are written to ${path}.`);
    for (const name of wanted)
      screen.note(`\${${name}} has no value in the folder: set it in the environment, or seal it`);
    for (const file of left) screen.note(`${file} was there before, and the server has nothing of the kind`);
  },
};
