// The arguments of `npm run upgrade`, and its question.
import { createInterface } from "node:readline/promises";
import { readArguments } from "../arguments.ts";
import { refuseTakenByNpm } from "../npm-flags.ts";
import { Trouble } from "../trouble.ts";

export type UpgradeOptions = {
  /** A git remote, or a tarball. */
  from: string | undefined;
  to: string | undefined;
  url: string | undefined;
  yes: boolean;
  dryRun: boolean;
  noBackup: boolean;
  back: boolean;
};

export function readUpgradeOptions(args: readonly string[]): UpgradeOptions {
  refuseTakenByNpm("npm run upgrade", ["--dry-run", "--from", "--to", "--back", "--url"], args);
  const read = readArguments(
    {
      name: "npm run upgrade",
      does: "Another release in the place of this one: shows what changes, backs up, deploys, tests from outside.",
      options: {
        from: {
          takes: "SOURCE",
          help: "a git address, or a .tgz file; unless told the git remote upstream, else origin",
        },
        to: { takes: "TAG", help: "which release of the git address; unless told the newest tag vX.Y.Z" },
        url: { takes: "URL", help: "where this deployment answers, if deployment.json does not tell" },
        "dry-run": { help: "say what would change, and do nothing" },
        yes: { help: "ask nobody" },
        "no-backup": { help: "go on without a backup" },
        back: { help: "put the release before back, and deploy it" },
      },
    },
    args,
  );
  const { from, to, url, yes, back } = read;
  return { from, to, url, yes, back, dryRun: read["dry-run"], noBackup: read["no-backup"] };
}

export async function agreeTo(question: string, { yes }: UpgradeOptions): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new Trouble(
      "nobody is here to be asked: npm run upgrade -- --yes does it, --dry-run shows what it does",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\n${question} (y/N) `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Trouble("Nothing was changed.");
}
