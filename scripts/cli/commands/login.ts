import { Client } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import { ask, askSecret } from "../ask.ts";
import { openBrowser } from "../browser.ts";
import { type Command, type Given, type Runtime, WrongCall } from "../command.ts";
import { type Login, originOf, storeLogin } from "../server.ts";
import { signIn } from "../sign-in.ts";

export const command: Command = {
  words: "[URL]",
  count: [0, 1],
  options: {
    browser: { help: "sign in with a browser, also where this is no terminal" },
    token: { help: "be asked for a token in place of the browser" },
    "token-stdin": { help: "read a token from standard input" },
  },
  also: [
    "A browser is opened if the server knows how administrators sign in (docs/sign-in.md); what it gives ends after some hours.",
    "A token is tried first. Both are stored in a file that only you can read. Make a token of your own with POST /api/v1/tokens.",
  ].join("\n"),
  async run({ words, value, has }, { screen }) {
    const given =
      words[0] ?? value("url") ?? (screen.isAttended ? await ask("Address of the server: ") : undefined);
    if (given === undefined) throw new WrongCall("edgemdm login URL --token-stdin");
    const origin = originOf(given);
    const login = (await byBrowser(origin, { has }, screen)) ?? {
      origin,
      token: await tokenOf(screen.isAttended && !has("token-stdin")),
    };
    const { name, role } = await new Client(login).get("/session");
    const file = storeLogin(login);
    const { expiresAt } = login;
    if (screen.isJson) return screen.json({ origin, name, role, expires_at: expiresAt ?? null, file });
    const until = expiresAt === undefined ? "" : `, until ${new Date(expiresAt).toLocaleString()}`;
    return screen.say(`You are ${name} (${role}) at ${origin}${until}. Stored in ${file}.`);
  },
};

/** undefined: a token is what is wanted, or all that this server knows. */
async function byBrowser(
  origin: string,
  { has }: Pick<Given, "has">,
  screen: Runtime["screen"],
): Promise<Login | undefined> {
  if (has("token") || has("token-stdin") || !(has("browser") || screen.isAttended)) return undefined;
  const signedIn = await signIn(origin, (url) => {
    screen.note(`Sign in at ${url}`);
    if (screen.isAttended) openBrowser(url, () => screen.note("no browser could be opened: follow the link"));
  });
  if (signedIn !== undefined) return { origin, ...signedIn };
  if (has("browser"))
    throw new Trouble(`nobody signs in at ${origin} yet: docs/sign-in.md tells how, or give a token`);
  return undefined;
}

async function tokenOf(isAsked: boolean): Promise<string> {
  const token = isAsked ? await askSecret("Token: ") : (await readAll()).trim();
  if (token === "") throw new Trouble("the token is empty: give it on standard input with --token-stdin");
  return token;
}

async function readAll(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  return text;
}
