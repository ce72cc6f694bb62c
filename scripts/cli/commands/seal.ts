import { Trouble } from "../../trouble.ts";
import { askSecret } from "../ask.ts";
import type { Command } from "../command.ts";
import { keyVariable, sealedFile, writeSealed } from "../files/sealed.ts";

export const command: Command = {
  words: "DIR NAME",
  count: [2, 2],
  also: `The value is asked for, or read from standard input, and sealed into ${sealedFile} under the key in ${keyVariable}. A file of the folder then says \${NAME}.`,
  async run({ words: [path = "", name = ""] }, { screen }) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || /^EDGEMDM_/i.test(name))
      throw new Trouble(`${name} is no name of a secret: use letters, digits and _, such as WIFI_PASSWORD`);
    const value = screen.isAttended ? await askSecret(`${name}: `) : await readAll();
    if (value === "") throw new Trouble("the value is empty: give it on standard input");
    await writeSealed(path, new Map([[name, value]]));
    if (screen.isJson) screen.json({ sealed: name, file: sealedFile });
    else screen.say(`\${${name}} is sealed in ${sealedFile}.`);
  },
};

/** Without the end of its last line. */
async function readAll(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  return text.replace(/\r?\n$/, "");
}
