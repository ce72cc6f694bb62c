// The Worker on this machine, run by `wrangler dev`.
import type { ChildProcess } from "node:child_process";
import { type Answer, type RequestInput, request } from "../request.ts";
import { Trouble } from "../trouble.ts";
import { startWrangler } from "../wrangler.ts";
import { originOf, type StartOptions } from "./options.ts";

const patienceMs = 60_000;

export class LocalWorker {
  readonly origin: string;
  readonly #trust: RequestInput;
  readonly #child: ChildProcess;
  #held: [NodeJS.WriteStream, Buffer][] = [];
  #holding = true;

  /** `config`: the file that wrangler reads. */
  constructor(
    project: string,
    options: StartOptions,
    { variables, config }: { variables: Record<string, string>; config: string },
  ) {
    this.origin = originOf(options);
    this.#trust = { trustAnyCertificate: options.protocol === "https" };
    this.#child = startWrangler(project, [
      ...["dev", "--port", String(options.port), "--persist-to", options.state],
      ...["--local-protocol", options.protocol, "--show-interactive-dev-session=false"],
      ...(options.ip ? ["--ip", options.ip] : []),
      ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
      ...(options.rest.includes("--config") ? [] : ["--config", config]),
      ...options.rest,
    ]);
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#take(process.stdout, chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#take(process.stderr, chunk));
  }

  /** Resolves when the Worker answers. */
  async ready(): Promise<void> {
    await Promise.race([this.#serving(), tooLate()]);
    const health = await this.request("/healthz", { patienceMs });
    if (health.status === 200) return;
    throw new Trouble(
      `the Worker started but ${this.origin}/healthz answers ${health.status}: ${health.body}`,
    );
  }

  request(path: string, input: RequestInput = {}): Promise<Answer> {
    return request(`${this.origin}${path}`, { ...this.#trust, ...input });
  }

  /** Of wrangler, which has workerd below it. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  onExit(listener: () => void): void {
    this.#child.once("exit", listener);
  }

  /** Wrangler's words are held back until here: they are of interest only if the Worker never runs. */
  forwardOutput({ held }: { held: "said" | "dropped" }): void {
    if (held === "said") for (const [stream, chunk] of this.#held) stream.write(chunk);
    this.#held = [];
    this.#holding = false;
  }

  #take(stream: NodeJS.WriteStream, chunk: Buffer): void {
    if (this.#holding) this.#held.push([stream, chunk]);
    else stream.write(chunk);
  }

  #serving(): Promise<void> {
    return new Promise((done, fail) => {
      this.#child.once("error", fail);
      this.#child.once("message", () => done());
      this.#child.once("exit", () =>
        fail(new Trouble("the Worker did not start; what wrangler said is above")),
      );
    });
  }
}

function tooLate(): Promise<never> {
  const sentence = `the Worker was not ready after ${patienceMs / 1000} seconds; what wrangler said is above`;
  return new Promise((_, fail) => setTimeout(() => fail(new Trouble(sentence)), patienceMs).unref());
}
