import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const project = resolve(import.meta.dirname, "../../..");
/** What a script finds its project by, or writes to. */
const copied = ["scripts", "migrations", "package.json", "tsconfig.json", "wrangler.toml"];
/** What is only read: a copy of thousands of files takes longer than what most tests do with it. */
const linked = [
  "node_modules",
  "src",
  "client",
  "console/src",
  "console/index.html",
  "console/tsconfig.json",
];

export type Ended = { code: number | null; output: string };

/** The project as a fresh clone has it, in a folder of its own, to start and deploy without touching this one. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "edgemdm-"));
  readonly #running = new Set<ChildProcess>();

  /** `more`: what is read besides what a start or a deployment needs. */
  constructor(more: readonly string[] = []) {
    for (const name of copied) cpSync(join(project, name), this.path(name), { recursive: true });
    mkdirSync(this.path("console"));
    for (const name of [...linked, ...more]) symlinkSync(join(project, name), this.path(name));
  }

  /** An empty Worker with the same objects in place of ours, and no console: for tests of what a deployment does around it. */
  emptyWorker(): void {
    const settings = this.read("wrangler.toml");
    writeFileSync(this.path("wrangler.toml"), settings.replace(/^\[(build|assets)\]\n(?:[^[\n].*\n)*/gm, ""));
    this.emptyCode();
  }

  /** The same, with the console. */
  emptyCode(): void {
    const settings = this.read("wrangler.toml").replace('"src/index.ts"', '"scripts/empty-worker.ts"');
    writeFileSync(this.path("wrangler.toml"), settings);
    const objects = [...this.read("wrangler.toml").matchAll(/^\[exports\.(\w+)\]$/gm)].map(
      ([, name]) => name,
    );
    const classes = objects.map((name) => `export class ${name} extends DurableObject {}\n`);
    writeFileSync(
      this.path("scripts/empty-worker.ts"),
      `import { DurableObject } from "cloudflare:workers";\n${classes.join("")}export default { fetch: () => new Response() };\n`,
    );
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Starts a script of the project as npm would. */
  script(args: readonly string[], options: { env?: NodeJS.ProcessEnv; uid?: number } = {}): RunningScript {
    const child = spawn(process.execPath, ["scripts/launch.mjs", ...args], {
      cwd: this.folder,
      env: { ...cleanEnvironment(), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.uid ? { uid: options.uid, gid: options.uid } : {}),
    });
    this.#running.add(child);
    return new RunningScript(child);
  }

  async remove(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class RunningScript {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #said = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    const hear = (chunk: Buffer): void => {
      this.#said += chunk.toString();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    this.#ended = new Promise((done) => {
      child.once("close", (code) => done({ code, output: this.#said }));
    });
  }

  /** Resolves with the match once the script has said it; rejects if it ends without. */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    const heard = new Promise<RegExpMatchArray>((done) => {
      const look = (): void => {
        const match = this.#said.match(pattern);
        if (match) done(match);
      };
      look();
      this.#child.stdout?.on("data", look);
      this.#child.stderr?.on("data", look);
    });
    const silent = this.#ended.then(({ output }) => {
      throw new Error(`the script ended without saying ${pattern}:\n${output}`);
    });
    return Promise.race([heard, silent]);
  }

  ends(): Promise<Ended> {
    return this.#ended;
  }

  /** Sends the signal to the script alone, as `kill` does, and waits for its end. */
  async signal(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }

  /** Every process below the script, whatever group it is in. */
  descendants(): number[] {
    const table = spawnSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout;
    const pairs = table
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    const below = (parent: number): number[] =>
      pairs.filter(([, of]) => of === parent).flatMap(([pid = 0]) => [pid, ...below(pid)]);
    return below(this.#child.pid ?? -1);
  }
}

/** Those that run, and are not merely waiting for their parent to take notice. */
export function alive(pids: readonly number[]): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=,stat=", "-p", pids.join(",")], { encoding: "utf8" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, state]) => state && !state.startsWith("Z"))
    .map(([pid]) => Number(pid));
}

// What npm and the test runner tell their own children is not for the script under test.
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|VITEST|NODE_OPTIONS$|CI$|NODE_ENV$|MASTER_KEY$|ADMIN_TOKEN$|CLOUDFLARE_|WRANGLER_)/.test(name),
  );
  const environment: Record<string, string | undefined> = { ...Object.fromEntries(kept), NO_COLOR: "1" };
  return environment as NodeJS.ProcessEnv;
}
