// Every subcommand, in the order of a day's work. Only the one that is called is loaded.
import type { Command } from "./command.ts";

export type Named = { summary: string; load: () => Promise<{ command: Command }> };

export const commands: Readonly<Record<string, Named>> = {
  login: {
    summary: "Stores which server you manage, and a token for it",
    load: () => import("./commands/login.ts"),
  },
  logout: { summary: "Forgets what login stored", load: () => import("./commands/logout.ts") },
  status: {
    summary: "Shows what needs you, most urgent first, and the fleet in numbers",
    load: () => import("./commands/status.ts"),
  },
  devices: { summary: "Lists devices", load: () => import("./commands/devices.ts") },
  device: { summary: "Shows one device", load: () => import("./commands/device.ts") },
  commands: { summary: "Lists the commands of one device", load: () => import("./commands/commands.ts") },
  send: {
    summary: "Sends a command to one device, or to all that match",
    load: () => import("./commands/send.ts"),
  },
  batch: { summary: "Shows or cancels a command to many devices", load: () => import("./commands/batch.ts") },
  profiles: {
    summary: "Lists, shows, saves and deletes profiles of the library",
    load: () => import("./commands/profiles.ts"),
  },
  declarations: {
    summary: "Lists, shows, saves and deletes declarations of the library",
    load: () => import("./commands/declarations.ts"),
  },
  sets: {
    summary: "Lists, shows, saves and deletes sets, and gives them to devices",
    load: () => import("./commands/sets.ts"),
  },
  baseline: {
    summary: "Makes a security baseline of settings, and tells which devices deviate from it",
    load: () => import("./commands/baseline.ts"),
  },
  packages: {
    summary: "Lists, uploads and deletes packages: files of apps that the server hosts",
    load: () => import("./commands/packages.ts"),
  },
  updates: {
    summary: "Lists policies for software updates, and shows how far one is",
    load: () => import("./commands/updates.ts"),
  },
  rollouts: {
    summary: "Lists changes that go from ring to ring, and shows how far one is",
    load: () => import("./commands/rollouts.ts"),
  },
  apply: {
    summary: "Makes the server what a folder of files says",
    load: () => import("./commands/apply.ts"),
  },
  export: {
    summary: "Writes what the server has to a folder of files",
    load: () => import("./commands/export.ts"),
  },
  seal: {
    summary: "Seals a secret for a folder of files",
    load: () => import("./commands/seal.ts"),
  },
  validate: {
    summary: "Checks a folder of files, without a server",
    load: () => import("./commands/validate.ts"),
  },
  enroll: {
    summary: "Makes an invitation, and shows its link as a QR code",
    load: () => import("./commands/enroll.ts"),
  },
  "push-cert": {
    summary: "Makes or renews the push certificate, step by step",
    load: () => import("./commands/push-cert.ts"),
  },
  ade: {
    summary: "Shows the accounts and devices of Automated Device Enrollment",
    load: () => import("./commands/ade.ts"),
  },
  people: {
    summary: "Lists people, or shows one with the person's devices",
    load: () => import("./commands/people.ts"),
  },
  apps: {
    summary: "Lists the apps of the library, or shows how one stands on the devices",
    load: () => import("./commands/apps.ts"),
  },
  "installed-apps": {
    summary: "Lists the apps that are installed on the devices",
    load: () => import("./commands/installed-apps.ts"),
  },
  tail: { summary: "Prints events as they happen", load: () => import("./commands/tail.ts") },
  backup: { summary: "Saves everything to a file", load: () => import("./commands/backup.ts") },
  restore: { summary: "Loads a backup into a server", load: () => import("./commands/restore.ts") },
  import: {
    summary: "Takes over the devices of MicroMDM, or a table of devices",
    load: () => import("./commands/import.ts"),
  },
  upgrade: { summary: "Takes a newer release", load: () => import("./commands/upgrade.ts") },
  open: { summary: "Opens the server's page in a browser", load: () => import("./commands/open.ts") },
  completion: {
    summary: "Prints what a shell needs to complete these words",
    load: () => import("./commands/completion.ts"),
  },
};
