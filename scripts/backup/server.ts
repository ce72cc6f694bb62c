// The server that a backup comes from or goes to: which, with what token, and what it says when it refuses.
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { adminToken } from "../admin-token.ts";
import { readArguments, type Script, usageOf } from "../arguments.ts";
import { refuseTakenByNpm } from "../npm-flags.ts";
import { type Answer, type RequestInput, request } from "../request.ts";
import { Trouble } from "../trouble.ts";

export type BackupOptions = { origin: string; file: string; force: boolean };

const tokenHelp = "The admin token comes from EDGEMDM_TOKEN, else from ADMIN_TOKEN in .dev.vars.";
const url = { takes: "URL", help: "the server" } as const;

const backup = {
  name: "npm run backup",
  does: "Reads a backup page by page into a file that nobody else may read.",
  options: { url, out: { takes: "FILE", help: "where the backup goes" } },
  also: tokenHelp,
} as const;

const restore = {
  name: "npm run restore",
  does: "Writes a backup into a deployment, page by page. It may be stopped and run again.",
  options: {
    url,
    in: { takes: "FILE", help: "the backup" },
    force: {
      help: "write over a deployment that has devices or identities; devices that it knows keep what they have",
    },
  },
  also: tokenHelp,
} as const;

export function readBackupOptions(): BackupOptions {
  refuseTakenByNpm(backup.name, ["--url", "--out"]);
  const values = readArguments(backup);
  const file = theFile(backup, "out", values.out);
  return { origin: originOf(backup, values.url), file, force: false };
}

export function readRestoreOptions(): BackupOptions {
  refuseTakenByNpm(restore.name, ["--url", "--in"]);
  const values = readArguments(restore);
  const file = theFile(restore, "in", values.in);
  return { origin: originOf(restore, values.url), file, force: values.force };
}

type AnyScript = Script<Record<string, { help: string; takes?: string }>>;

export function originOf(script: AnyScript, given: string | undefined): string {
  const address = URL.parse(given ?? "");
  if (address && /^https?:$/.test(address.protocol)) return address.origin;
  throw missing(script, "--url must be the server's http or https address");
}

function theFile(script: AnyScript, option: string, given: string | undefined): string {
  if (given) return resolve(given);
  throw missing(script, `--${option} must name a file`);
}

/** What is missing, and then the whole page: who forgot one option may not know the others. */
export const missing = (script: AnyScript, why: string): Trouble =>
  new Trouble(`${why}\n\n${usageOf(script)}`);

export function tokenOfAdministrator(): string {
  const token = adminToken(resolve(import.meta.dirname, "../../.dev.vars"));
  if (token) return token;
  throw new Trouble("no admin token: set EDGEMDM_TOKEN, or run this beside the .dev.vars of `npm start`");
}

const tries = 5;
const patienceMs = 120_000;

/** Pages may be asked for and sent again: what passes is waited for, and a refusal is told in the server's words. */
export async function askFor(url: string, input: RequestInput, restMs = 2_000): Promise<string> {
  let trouble = "";
  for (let attempt = 1; attempt <= tries; attempt++) {
    if (attempt > 1) await delay(restMs * (attempt - 1));
    const answer = await request(url, { patienceMs, ...input }).catch((error: Error) => error);
    if (answer instanceof Error) trouble = `${new URL(url).origin} does not answer: ${answer.message}`;
    else if (answer.status === 200) return answer.body;
    else if (answer.status < 500 && answer.status !== 429) throw new Trouble(refusalOf(answer));
    else trouble = refusalOf(answer);
  }
  throw new Trouble(`${trouble} (tried ${tries} times)`);
}

function refusalOf({ status, body }: Answer): string {
  try {
    const { title, detail, errors } = JSON.parse(body);
    const first = errors?.[0]?.detail;
    return `the server answered ${status}: ${detail ?? title}${first ? `: ${first}` : ""}`;
  } catch {
    return `the server answered ${status}`;
  }
}
