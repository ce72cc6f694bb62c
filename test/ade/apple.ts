import { onTestFinished, vi } from "vitest";
import { type AdeClient, type AdeClientOptions, adeClient } from "../../src/ade/client.ts";
import { FakeApple } from "../support/fake-apple/apple.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import type { AppleServer } from "../support/fake-apple/server.ts";

export type Talk = { apple: FakeApple; server: AppleServer; client: AdeClient };

/** A client with a good token, and an Apple that answers it. */
export function talkToApple(options: Partial<AdeClientOptions> = {}): Talk {
  const apple = appleAtFetch(new FakeApple());
  const server = apple.addServer();
  return { apple, server, client: adeClient({ token: server.issueToken(), ...options }) };
}

/** Time stands still until the test moves it. */
export function clock(at = "2026-08-01T08:00:00Z"): { pass(ms: number): void } {
  vi.useFakeTimers({ now: Date.parse(at), toFake: ["Date"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return { pass: (ms) => void vi.setSystemTime(Date.now() + ms) };
}

export const minute = 60_000;
export const day = 24 * 60 * minute;
