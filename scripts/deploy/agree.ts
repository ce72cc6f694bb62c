// Before the first deployment somebody says yes: it makes a database and a Worker in an account, for good.
import { createInterface } from "node:readline/promises";
import { Trouble } from "../trouble.ts";
import type { DeployOptions } from "./options.ts";

/** Cloudflare's own build machine runs nothing but what somebody asked it to deploy. */
const isAskedFor = ({ yes }: DeployOptions): boolean => yes || Boolean(process.env.WORKERS_CI);

export async function agree(steps: readonly string[], options: DeployOptions): Promise<void> {
  if (isAskedFor(options)) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Trouble(
      "this is the first deployment, and nobody is here to be asked: npm run deploy -- --yes does it, npm run deploy -- --dry-run shows what it does",
    );
  }
  console.log(
    `This is the first deployment. It does, in your Cloudflare account:\n\n${steps.map((step) => `  ${step}`).join("\n")}\n`,
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Go on? (y/N) ");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Trouble("Nothing was changed.");
  console.log("");
}
