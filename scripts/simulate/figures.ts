// What a run counted, and how it is told.

type Kind = "SCEP" | "ACME" | "account" | "check-in" | "connect" | "admin" | "pushed";

export class Figures {
  enrolled = 0;
  connects = 0;
  checkIns = 0;
  queued = 0;
  answered = 0;
  putOff = 0;
  /** Undefined: devices poll. */
  pushes: number | undefined;
  readonly #latencies: Record<Kind, number[]> = {
    SCEP: [],
    ACME: [],
    account: [],
    "check-in": [],
    connect: [],
    admin: [],
    pushed: [],
  };
  readonly #errors = new Map<string, { count: number; sample: string }>();

  get errors(): number {
    return [...this.#errors.values()].reduce((sum, { count }) => sum + count, 0);
  }

  took(kind: Kind, ms: number): void {
    this.#latencies[kind].push(ms);
    if (kind === "connect") this.connects++;
    if (kind === "check-in") this.checkIns++;
  }

  failed(where: string, fault: unknown): void {
    const sample = fault instanceof Error ? describe(fault) : String(fault);
    const kind = `${where}: ${sample.replace(/[0-9A-Fa-f-]{20,}/g, "…")}`;
    const known = this.#errors.get(kind) ?? { count: 0, sample };
    known.count++;
    this.#errors.set(kind, known);
  }

  progress(devices: number, secondsLeft: number): string {
    const { p95 } = percentiles(this.#latencies.connect);
    return [
      `enrolled ${this.enrolled}/${devices}`,
      `${this.connects} connects`,
      `${this.answered}/${this.queued} commands`,
      `p95 ${p95} ms`,
      `${this.errors} errors`,
      secondsLeft > 0 ? `${Math.ceil(secondsLeft)} s left` : "finishing",
    ].join(" · ");
  }

  summary(devices: number, seconds: number): string {
    const latencies = (Object.keys(this.#latencies) as Kind[])
      .filter((kind) => kind !== "pushed" && this.#latencies[kind].length > 0)
      .map((kind) => {
        const all = this.#latencies[kind];
        const { p50, p95, p99 } = percentiles(all);
        return `  ${kind.padEnd(9)} ${String(all.length).padStart(7)} requests   p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms`;
      });
    const errors = [...this.#errors]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([kind, { count }]) => `  ${String(count).padStart(5)} × ${kind}`);
    return [
      `enrolled  ${this.enrolled} of ${devices}`,
      `connects  ${this.connects} (${(this.connects / Math.max(seconds, 0.001)).toFixed(1)} a second)`,
      `commands  ${this.queued} queued, ${this.answered} answered, ${this.putOff} times put off`,
      ...latencies,
      ...this.#pushSummary(),
      this.errors === 0 ? "no errors" : `errors    ${this.errors}`,
      ...errors,
    ].join("\n");
  }

  /** From the request that queued a command to the server's answer to its acknowledgement. */
  #pushSummary(): string[] {
    if (this.pushes === undefined) return [];
    const { p50, p95, p99 } = percentiles(this.#latencies.pushed);
    return [
      `pushes    ${this.pushes} received`,
      `  queued, pushed, fetched and acknowledged   p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms`,
    ];
  }
}

/** A fetch that failed says why only in its cause. */
function describe(fault: Error): string {
  const cause = fault.cause instanceof Error ? fault.cause : undefined;
  const code = cause && "code" in cause ? String(cause.code) : cause?.message;
  return code ? `${fault.message} (${code})` : fault.message;
}

function percentiles(values: readonly number[]): { p50: string; p95: string; p99: string } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? "–" : value < 10 ? value.toFixed(1) : String(Math.round(value));
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
