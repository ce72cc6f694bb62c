import { vi } from "vitest";

/** Waits until this holds, however slow the machine is; only what never comes takes so long. */
export const eventually = <Value>(holds: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(holds, { timeout: 250_000, interval: 20 });
