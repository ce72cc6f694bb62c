import { Client, ProblemError } from "../../../client/src/index.ts";
import type { Command } from "../command.ts";
import { forgetLogin, type Login, readLogin } from "../server.ts";

export const command: Command = {
  also: "What a browser gave ends at the server, too. A token of your own stays valid: revoke it with DELETE /api/v1/tokens/{id}.",
  async run(_given, { screen }) {
    const login = readLogin();
    const page = login?.expiresAt === undefined ? null : await endSession(login);
    const was = forgetLogin();
    if (screen.isJson) return screen.json({ forgotten: was, provider_sign_out: page });
    screen.say(was ? "Forgotten." : "Nothing was stored.");
    if (page !== null) screen.say(`You are still signed in at the provider. To end that, open ${page}`);
    return undefined;
  },
};

/** The page that ends the session at the provider. */
async function endSession(login: Login): Promise<string | null> {
  try {
    return (await new Client(login).delete("/session")).provider_sign_out;
  } catch (fault) {
    // It has ended already.
    if (fault instanceof ProblemError && fault.status === 401) return null;
    throw fault;
  }
}
