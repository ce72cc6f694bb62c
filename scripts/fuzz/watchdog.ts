// Ends a run that hangs: the thread that parses cannot, so another one looks at how far it is, and keeps the input.
import { writeFileSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const hangsAfterMs = 20_000;
const headerBytes = 8;
const mostBytes = 1 << 20;

type Shared = { memory: SharedArrayBuffer; file: string };

export class Watchdog {
  readonly #memory = new SharedArrayBuffer(headerBytes + mostBytes);
  readonly #header = new Int32Array(this.#memory, 0, 2);
  readonly #bytes = new Uint8Array(this.#memory, headerBytes);
  #runs = 0;

  constructor(file: string) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { memory: this.#memory, file } });
    worker.unref();
  }

  begin(input: Uint8Array): void {
    const kept = input.subarray(0, mostBytes);
    this.#bytes.set(kept);
    this.#header[1] = kept.length;
    this.#runs = (this.#runs % 1_000_000_000) + 1;
    this.#header[0] = this.#runs;
  }

  end(): void {
    this.#header[0] = 0;
  }
}

function watch({ memory, file }: Shared): void {
  const header = new Int32Array(memory, 0, 2);
  let [seen, since] = [0, Date.now()];
  setInterval(() => {
    const run = Atomics.load(header, 0);
    if (run === 0 || run !== seen) [seen, since] = [run, Date.now()];
    if (Date.now() - since < hangsAfterMs) return;
    writeFileSync(file, new Uint8Array(memory, headerBytes, header[1]));
    console.error(`\na hang: the input of the last ${hangsAfterMs / 1000} s is in ${file}\n`);
    process.kill(process.pid, "SIGKILL");
  }, 500);
}

if (!isMainThread) watch(workerData as Shared);
