// A bare workerd: the runtime itself, without the development server around it, which is ten times slower.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { startProgram } from "../children.ts";
import { Trouble } from "../trouble.ts";

/** The program that wrangler brings along; itself, not the script that starts it: its threads are the ones to count. */
export const workerdProgram = (): string =>
  (createRequire(import.meta.resolve("wrangler"))("workerd") as { default: string }).default;

/** Ports by the names that the configuration gives its sockets and external services. */
type Addresses = {
  sockets: Readonly<Record<string, number>>;
  externals?: Readonly<Record<string, number>>;
};

export class Workerd {
  readonly #child: ChildProcess;
  readonly #ports = new Map<string, number>();
  #said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-20_000);
    });
  }

  /** Resolves when all of these sockets listen. A port of 0 becomes any free one. */
  static async start(config: string, { sockets, externals = {} }: Addresses): Promise<Workerd> {
    const child = startProgram(
      workerdProgram(),
      [
        ...["serve", "--control-fd=3"],
        ...Object.entries(sockets).map(([name, port]) => `--socket-addr=${name}=127.0.0.1:${port}`),
        ...Object.entries(externals).map(([name, port]) => `--external-addr=${name}=127.0.0.1:${port}`),
        config,
      ],
      { stdio: ["ignore", "ignore", "pipe", "pipe"] },
    );
    const workerd = new Workerd(child);
    await Promise.race([workerd.#listening(Object.keys(sockets).length), workerd.#endsEarly()]);
    return workerd;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it complained about, the latest last. */
  get said(): string {
    return this.#said;
  }

  portOf(socket: string): number {
    return this.#ports.get(socket) ?? 0;
  }

  originOf(socket: string): string {
    return `http://127.0.0.1:${this.portOf(socket)}`;
  }

  /** At once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #listening(sockets: number): Promise<void> {
    for await (const line of createInterface(this.#child.stdio[3] as Readable)) {
      const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
      if (event === "listen") this.#ports.set(socket, port);
      if (this.#ports.size === sockets) return;
    }
    // It has ended, and that is told with what it complained about.
    await once(this.#child, "close");
  }

  async #endsEarly(): Promise<never> {
    await once(this.#child, "close");
    throw new Trouble(`workerd does not start:\n${this.#said}`);
  }
}
