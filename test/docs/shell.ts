// Runs the shell examples of a page, one after another in one shell, as a person types them.
import { spawn, spawnSync } from "node:child_process";
import type { Fence } from "./fences.ts";

/** What is missing on this machine; the README names the version of curl. */
export const missingTools = (): string[] =>
  ["bash --version", "jq --version", "curl --json {} --version"].filter((command) => {
    const [program = "", ...args] = command.split(" ");
    return spawnSync(program, args).status !== 0;
  });

/** What differs here from what a person types: where the server and Apple's stand-in are. */
export type Places = { folder: string; server: string; apple: string };

export type Ran = { code: number | null; output: string };

/** The first example that fails ends the page; the output says which one it was. */
export function runInShell(script: string, { folder }: Places, env: NodeJS.ProcessEnv): Promise<Ran> {
  const shell = spawn("bash", ["-c", script], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((done) => shell.once("close", (code) => done({ code, output })));
}

/** `before`: what a reader of this page has done already. */
export function scriptOf(before: string, fences: readonly Fence[], places: Places): string {
  const steps = fences.filter(({ language, marker }) => language === "sh" && marker?.kind !== "not run");
  return [prologue, before, ...steps.map(step)].map((text) => placed(text, places)).join("\n");
}

const prologue = `set -eo pipefail
at="what comes before the page"
others=()
leave() {
  status=$?
  [ $status = 0 ] || { echo; echo "failed at $at"; }
  for process in "\${others[@]}"; do kill "$process" && wait "$process" || true; done
  exit $status
}
trap leave EXIT
`;

function step({ page, line, content, marker }: Fence): string {
  const at = `at=${page}:${line}; echo; echo "# $at ($SECONDS s)"`;
  switch (marker?.kind) {
    case "repeated until":
      return `${at}
until { ${content}
} > said && grep -q '${marker.text}' said; do
  [ $((tries = \${tries:-0} + 1)) -lt 100 ] || { cat said; exit 1; }
  sleep 0.2
done
tries=0
cat said`;
    case "in another terminal until":
      return `${at}
{ ${content}
} > "other-$$" 2>&1 &
others+=($!)
until grep -q '${marker.text}' "other-$$"; do
  kill -0 $! 2>/dev/null || { cat "other-$$"; exit 1; }
  sleep 0.1
done
cat "other-$$"`;
    default:
      return `${at}\n${content}`;
  }
}

const placed = (text: string, { server, apple }: Places): string =>
  text
    .replaceAll("http://localhost:8787", server)
    .replaceAll("http://127.0.0.1:8788", apple)
    .replaceAll("npm run simulate --", `npm run simulate -- --url ${server}`);
