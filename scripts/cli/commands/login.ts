import { Client } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import { ask, askSecret } from "../ask.ts";
import { type Command, WrongCall } from "../command.ts";
import { originOf, storeLogin } from "../server.ts";

export const command: Command = {
  words: "[URL]",
  count: [0, 1],
  options: { "token-stdin": { help: "read the token from standard input" } },
  also: "The token is tried, then stored in a file that only you can read. Make one of your own with POST /api/v1/tokens.",
  async run({ words, value, has }, { screen }) {
    const attended = screen.isAttended && !has("token-stdin");
    const given = words[0] ?? value("url") ?? (attended ? await ask("Address of the server: ") : undefined);
    if (given === undefined) throw new WrongCall("edgemdm login URL --token-stdin");
    const origin = originOf(given);
    const token = attended ? await askSecret("Token: ") : (await readAll()).trim();
    if (token === "") throw new Trouble("the token is empty: give it on standard input with --token-stdin");
    const session = await new Client({ origin, token }).get("/session");
    const file = storeLogin({ origin, token });
    if (screen.isJson) screen.json({ origin, name: session.name, role: session.role, file });
    else screen.say(`You are ${session.name} (${session.role}) at ${origin}. Stored in ${file}.`);
  },
};

async function readAll(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  return text;
}
