import { type Bytes, fromUtf8, toHex, utf8 } from "../base/bytes.ts";
import type { HeaderField } from "./h2/static-table.ts";

/**
 * Requests to the Apple Push Notification service for MDM, and the meaning of its answers.
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 * https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 *
 * Leaves to others: the connection, and what to do about an outcome.
 *
 * The surprise: a push has only the device's own PushMagic. It only says "ask your server", so an extra push is harmless
 * and a lost one may be sent again.
 */
export type PushRequest = {
  token: Uint8Array;
  topic: string;
  PushMagic: string;
  /** Until when Apple keeps it for a device that is off: seconds since 1970; 0: not at all. */
  expiration: number;
  priority: 5 | 10;
  /** Comes back in the answer; Apple makes one if absent. */
  id?: string;
};

export type PushOutcome =
  /** Apple accepted it. Only the device's next connect shows that it arrived. */
  | { outcome: "delivered"; id: string | undefined }
  /** No push reaches this token any more: wait for the next TokenUpdate. `since` in ms, where Apple says it. */
  | { outcome: "unregistered"; reason: string; since: number | undefined }
  /** If many devices have it at once, the certificate is wrong. */
  | { outcome: "token-for-other-topic"; reason: string }
  /** `scope` says what must wait: this token, or the connection (open another one). */
  | { outcome: "retry"; reason: string; afterSeconds: number; scope: "token" | "connection" }
  /** Nothing can be sent with this push certificate: expired, revoked, of the wrong kind, or refused. */
  | { outcome: "certificate-trouble"; reason: string }
  /** The topic is not that of the push certificate. */
  | { outcome: "topic-trouble"; reason: string }
  /** Apple does not understand our request; repeating it would not help. */
  | { outcome: "our-mistake"; reason: string };

/** An answer from Apple, by any transport. */
export type ApnsResponse = { status: number; id: string | undefined; body: Uint8Array };

export const requestPath = ({ token }: PushRequest): string => `/3/device/${toHex(token)}`;

/** Everything except the pseudo-headers, both for our own HTTP/2 and for a fetch. */
export function requestHeaders(request: PushRequest): HeaderField[] {
  const headers: HeaderField[] = [
    ["apns-topic", request.topic],
    ["apns-push-type", "mdm"],
    ["apns-priority", String(request.priority)],
    ["apns-expiration", String(request.expiration)],
    ["content-type", "application/json"],
  ];
  return request.id === undefined ? headers : [...headers, ["apns-id", request.id]];
}

export const requestBody = ({ PushMagic }: PushRequest): Bytes => utf8(JSON.stringify({ mdm: PushMagic }));

/** Apple asks for a growing pause of minutes after its own errors; the caller increases it. */
const pauseSeconds = 60;

type Meaning =
  | { outcome: "unregistered" }
  | { outcome: "token-for-other-topic" | "certificate-trouble" | "topic-trouble" | "our-mistake" }
  | { outcome: "retry"; afterSeconds: number; scope: "token" | "connection" };

const meanings: Readonly<Record<string, Meaning>> = {
  BadDeviceToken: { outcome: "unregistered" },
  Unregistered: { outcome: "unregistered" },
  ExpiredToken: { outcome: "unregistered" },
  DeviceTokenNotForTopic: { outcome: "token-for-other-topic" },

  BadCertificate: { outcome: "certificate-trouble" },
  BadCertificateEnvironment: { outcome: "certificate-trouble" },
  Forbidden: { outcome: "certificate-trouble" },
  // Apple reports a missing provider token if it got no certificate.
  MissingProviderToken: { outcome: "certificate-trouble" },
  InvalidProviderToken: { outcome: "certificate-trouble" },
  ExpiredProviderToken: { outcome: "certificate-trouble" },

  BadTopic: { outcome: "topic-trouble" },
  MissingTopic: { outcome: "topic-trouble" },
  TopicDisallowed: { outcome: "topic-trouble" },

  IdleTimeout: { outcome: "retry", afterSeconds: 0, scope: "connection" },
  TooManyRequests: { outcome: "retry", afterSeconds: pauseSeconds, scope: "token" },
  TooManyProviderTokenUpdates: { outcome: "retry", afterSeconds: pauseSeconds, scope: "token" },
  InternalServerError: { outcome: "retry", afterSeconds: pauseSeconds, scope: "token" },
  ServiceUnavailable: { outcome: "retry", afterSeconds: pauseSeconds, scope: "connection" },
  Shutdown: { outcome: "retry", afterSeconds: 1, scope: "connection" },
};

/** For newer reasons. */
function meaningOfStatus(status: number): Meaning {
  if (status === 403) return { outcome: "certificate-trouble" };
  if (status === 410) return { outcome: "unregistered" };
  if (status === 429) return { outcome: "retry", afterSeconds: pauseSeconds, scope: "token" };
  if (status >= 500) return { outcome: "retry", afterSeconds: pauseSeconds, scope: "connection" };
  return { outcome: "our-mistake" };
}

export function outcomeOf({ status, id, body }: ApnsResponse): PushOutcome {
  if (status === 200) return { outcome: "delivered", id };
  const said = parseErrorBody(body);
  const reason = said.reason ?? `status ${status}`;
  const meaning = (said.reason !== undefined && meanings[said.reason]) || meaningOfStatus(status);
  return meaning.outcome === "unregistered"
    ? { ...meaning, reason, since: said.timestamp }
    : { ...meaning, reason };
}

/** The connection ended or failed before an answer: the push may or may not have arrived. */
export const unanswered = (reason: string, afterSeconds = 0): PushOutcome => ({
  outcome: "retry",
  reason,
  afterSeconds,
  scope: "connection",
});

/** Apple ends a connection with the same reasons as for a request, as JSON in the GOAWAY frame. */
export function outcomeOfGoodbye(debug: string): PushOutcome {
  const { reason } = parseErrorBody(utf8(debug));
  const meaning = reason === undefined ? undefined : meanings[reason];
  return reason !== undefined && meaning?.outcome === "certificate-trouble"
    ? { outcome: "certificate-trouble", reason }
    : unanswered(reason ?? "the server went away");
}

/** https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
function parseErrorBody(body: Uint8Array): { reason: string | undefined; timestamp: number | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(body));
  } catch {
    // A body that is not JSON says nothing; the status still does.
  }
  const { reason, timestamp } = (typeof value === "object" && value !== null ? value : {}) as {
    reason?: unknown;
    timestamp?: unknown;
  };
  return {
    reason: typeof reason === "string" && /^[A-Za-z]{1,64}$/.test(reason) ? reason : undefined,
    timestamp: typeof timestamp === "number" && Number.isFinite(timestamp) ? timestamp : undefined,
  };
}
