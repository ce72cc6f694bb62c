import type { PushOutcome, PushRequest } from "./apns.ts";

/**
 * A way to Apple's push service. Two exist: TLS and HTTP/2 of our own over a socket (client.ts), and Cloudflare's
 * binding that holds the certificate (binding-client.ts).
 */
export type ApnsConnection = {
  /** Never rejects: whatever happens to a push is an outcome. */
  push(request: PushRequest): Promise<PushOutcome>;
  /** Whether the other side still answers; to be asked before an idle connection is used again. */
  ping(timeoutMs: number): Promise<boolean>;
  /** Pushes without an answer end as `retry`. */
  close(): Promise<void>;
  /** Whether a push made now would be sent. */
  readonly isUsable: boolean;
  /** Pushes that have no outcome yet. */
  readonly unanswered: number;
  /** Settles when the connection is over, with what a push would have met. */
  readonly ended: Promise<{ detail: string; outcome: PushOutcome }>;
};

/** Why there is no connection. `detail` is for the log and the administrator. */
export type OpenRefusal =
  | { reason: "unreachable"; detail: string }
  | { reason: "timed-out"; detail: string }
  /** Its certificate is not one that Apple's server would have: somebody is in between, or Apple changed its roots. */
  | { reason: "server-not-trusted"; detail: string }
  /** Apple does not take the push certificate: expired, revoked, or not one of Apple's. */
  | { reason: "certificate-refused"; detail: string }
  /** TLS or HTTP/2 failed; `failure` is the name of how. */
  | { reason: "protocol"; failure: string; detail: string };
