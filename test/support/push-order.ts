import type { PushOutcome } from "../../src/apns/apns.ts";
import type { OpenRefusal } from "../../src/apns/transport.ts";

// What tests and the benchmark tell the Worker of push-worker.ts, and what it tells them.

export type PushOrder = {
  host: string;
  port: number;
  /** base64 of DER. */
  certificates: string[];
  /** base64 of PKCS#8. */
  privateKey: string;
  /** PEM. */
  addedRoots: string;
  topic: string;
  /** Tokens in hex; one push each. */
  tokens: string[];
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  maxStreams: number;
  /** Connects so many times, one after the other, and pushes over the last connection; once when absent. */
  opens?: number;
  /** Leaves the connection open for the next order. */
  keepOpen?: boolean;
};

export type PushReport = {
  refusal?: OpenRefusal;
  outcomes: PushOutcome[];
  openMs: number;
  pushMs: number;
  isReused: boolean;
};
