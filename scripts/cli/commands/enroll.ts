import type { Schemas } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import type { Command } from "../command.ts";
import { all } from "../lists.ts";
import { terminalQr } from "../terminal-qr.ts";
import { relative } from "../times.ts";

export const command: Command = {
  options: {
    note: { takes: "TEXT", help: "for whom or what it is" },
    uses: { takes: "N", help: "how many devices may enroll with it" },
    hours: { takes: "N", help: "how long it is valid" },
    list: { help: "list the invitations that there are" },
    revoke: { takes: "ID", help: "revoke one" },
    "no-qr": { help: "print the link alone" },
  },
  also: "The person opens the link on the iPhone, iPad or Mac, or scans the code with its camera.",
  async run({ value, has }, { api, screen }) {
    const revoked = value("revoke");
    if (revoked !== undefined) {
      await api.delete("/enrollment/invitations/{id}", { path: { id: revoked } });
      return screen.isJson ? screen.json({ revoked }) : screen.say("Revoked.");
    }
    if (has("list")) {
      const invitations = await all(api.list("/enrollment/invitations"));
      if (screen.isJson) return screen.json(invitations);
      return screen.table(invitations, [
        { title: "NOTE", value: ({ note }) => note, gives: true },
        { title: "STATE", value: ({ state }) => state },
        { title: "USED", value: ({ uses, max_uses }) => `${uses}/${max_uses}` },
        { title: "ENDS", value: ({ expires_at }) => relative(expires_at) },
        { title: "ID", value: ({ id }) => id },
      ]);
    }
    const made = await api.post("/enrollment/invitations", { body: bodyOf(value) });
    if (screen.isJson) return screen.json(made);
    if (!has("no-qr") && process.stdout.isTTY) screen.say(`\n${terminalQr(made.url)}\n`);
    screen.say(made.url);
    screen.note(`valid until ${made.expires_at}`);
    return undefined;
  },
};

function bodyOf(value: (name: string) => string | undefined): Schemas["NewInvitation"] {
  const [note, uses, hours] = [value("note"), value("uses"), value("hours")];
  return {
    ...(note !== undefined && { note }),
    ...(uses !== undefined && { max_uses: Number(uses) }),
    ...(hours !== undefined && { expires_at: inHours(Number(hours)) }),
  };
}

function inHours(hours: number): string {
  if (!(hours > 0)) throw new Trouble("--hours takes a number above 0");
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}
