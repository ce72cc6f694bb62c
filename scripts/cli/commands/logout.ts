import type { Command } from "../command.ts";
import { forgetLogin } from "../server.ts";

export const command: Command = {
  also: "The token itself stays valid: revoke it with DELETE /api/v1/tokens/{id}.",
  async run(_given, { screen }) {
    const was = forgetLogin();
    if (screen.isJson) screen.json({ forgotten: was });
    else screen.say(was ? "Forgotten." : "Nothing was stored.");
  },
};
