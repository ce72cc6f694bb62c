// The server that a backup comes from or goes to: which, with what token, and what it says when it refuses.
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { refuseTakenByNpm } from "../npm-flags.ts";
import { type Answer, type RequestInput, request } from "../request.ts";
import { adminToken } from "../simulate/admin.ts";
import { Trouble } from "../trouble.ts";

export type BackupOptions = { origin: string; file: string; force: boolean };

/** `fileFlag` is `out` or `in`; whatever is wrong is a Trouble that ends with the usage. */
export function readBackupOptions(
  args: readonly string[],
  fileFlag: "out" | "in",
  usage: string,
): BackupOptions {
  const wrong = (why: string) => new Trouble(`${why}\n\n${usage}`);
  const script = fileFlag === "in" ? "npm run restore" : "npm run backup";
  refuseTakenByNpm(script, ["--url", `--${fileFlag}`]);
  let values: { [name: string]: string | boolean | undefined };
  try {
    values = parseArgs({
      args: [...args],
      options: {
        url: { type: "string" },
        [fileFlag]: { type: "string" },
        ...(fileFlag === "in" && { force: { type: "boolean" as const } }),
        help: { type: "boolean" },
      },
    }).values as typeof values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  if (values.help) throw wrong("");
  const url = URL.parse(String(values.url ?? ""));
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrong("--url must be the server's http or https address");
  const file = values[fileFlag];
  if (typeof file !== "string" || file === "") throw wrong(`--${fileFlag} must name a file`);
  return { origin: url.origin, file: resolve(file), force: values.force === true };
}

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
