import { Trouble } from "../../trouble.ts";
import type { Json } from "../api.ts";
import type { Command } from "../command.ts";
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
      await api.json("DELETE", `/enrollment/invitations/${encodeURIComponent(revoked)}`);
      return screen.isJson ? screen.json({ revoked }) : screen.say("Revoked.");
    }
    if (has("list")) {
      const all = await api.all<"Invitation">("/enrollment/invitations");
      if (screen.isJson) return screen.json(all);
      return screen.table(all, [
        { title: "NOTE", value: ({ note }) => note, gives: true },
        { title: "STATE", value: ({ state }) => state },
        { title: "USED", value: ({ uses, max_uses }) => `${uses}/${max_uses}` },
        { title: "ENDS", value: ({ expires_at }) => relative(expires_at) },
        { title: "ID", value: ({ id }) => id },
      ]);
    }
    const made = await api.json("POST", "/enrollment/invitations", { body: { json: bodyOf(value) } });
    if (screen.isJson) return screen.json(made);
    const url = String(made.url);
    if (!has("no-qr") && process.stdout.isTTY) screen.say(`\n${terminalQr(url)}\n`);
    screen.say(url);
    screen.note(`valid until ${String(made.expires_at)}`);
    return undefined;
  },
};

const bodyOf = (value: (name: string) => string | undefined): Json => ({
  ...(value("note") && { note: value("note") }),
  ...(value("uses") && { max_uses: Number(value("uses")) }),
  ...(value("hours") && { expires_at: inHours(Number(value("hours"))) }),
});

function inHours(hours: number): string {
  if (!(hours > 0)) throw new Trouble("--hours takes a number above 0");
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}
