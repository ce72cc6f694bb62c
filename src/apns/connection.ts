import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import {
  outcomeOf,
  outcomeOfGoodbye,
  type PushOutcome,
  type PushRequest,
  requestBody,
  requestHeaders,
  requestPath,
  unanswered,
} from "./apns.ts";
import type { ByteStream } from "./byte-stream.ts";
import { Http2Failure } from "./h2/failure.ts";
import { Http2Session, type SessionEnd } from "./h2/session.ts";
import { TlsFailure, type TlsFailureReason } from "./tls/failure.ts";
import { startTls } from "./tls/handshake.ts";
import { handshakeSigner } from "./tls/signature-schemes.ts";
import type { ApnsConnection, OpenRefusal } from "./transport.ts";

/** TLS, HTTP/2 and Apple's protocol over any stream of bytes: a push connection without its socket. */
export type ApnsConnectionOptions = {
  /** Also the name that the server's certificate must have. */
  host: string;
  /** The push certificate, and those above it that the server may not have; DER, ours first. */
  certificates: readonly Bytes[];
  /** Its private key, PKCS#8. */
  privateKey: Bytes;
  /** The roots for the server's certificate. */
  roots: readonly Certificate[];
  now: number;
  /** From the call of a push to its outcome. */
  requestTimeoutMs: number;
  /** The most pushes in progress at once; the server may allow fewer. */
  maxStreams: number;
};

export async function connectOver(
  stream: ByteStream,
  options: ApnsConnectionOptions,
): Promise<Result<ApnsConnection, OpenRefusal>> {
  try {
    const tls = await startTls(stream, {
      serverName: options.host,
      protocol: "h2",
      roots: options.roots,
      now: options.now,
      client: { certificates: options.certificates, signer: handshakeSigner(options.privateKey) },
    });
    const session = await Http2Session.open(tls, options);
    return session.ok
      ? ok(connectionOver(session.value, options.host))
      : refuse(refusalOfEnd(session.refusal));
  } catch (failure) {
    if (failure instanceof TlsFailure) return refuse(refusalOf(failure));
    throw failure;
  }
}

function connectionOver(session: Http2Session, host: string): ApnsConnection {
  return {
    async push(request) {
      const answer = await session.request(headersOf(request, host), requestBody(request));
      if (!answer.ok) return outcomeOfEnd(answer.refusal);
      const { status, headers, body } = answer.value;
      return outcomeOf({ status, id: headers.get("apns-id"), body });
    },
    ping: (timeoutMs) => session.ping(timeoutMs),
    close: () => session.close(),
    get isUsable() {
      return session.isUsable;
    },
    get unanswered() {
      return session.unanswered;
    },
    ended: session.ended.then((end) => ({ detail: end.detail, outcome: outcomeOfEnd(end) })),
  };
}

const headersOf = (request: PushRequest, host: string): [string, string][] => [
  [":method", "POST"],
  [":scheme", "https"],
  [":authority", host],
  [":path", requestPath(request)],
  ...(requestHeaders(request) as [string, string][]),
];

/** What the end of a connection means for its unanswered pushes. */
function outcomeOfEnd({ detail, cause }: SessionEnd): PushOutcome {
  if (cause instanceof TlsFailure && cause.reason === "client-certificate-refused") {
    return { outcome: "certificate-trouble", reason: detail };
  }
  return isGoodbye(cause) ? outcomeOfGoodbye(cause.debug) : unanswered(detail);
}

const isGoodbye = (cause: unknown): cause is { event: "going-away"; debug: string } =>
  typeof cause === "object" && cause !== null && "event" in cause && cause.event === "going-away";

const notTrusted: ReadonlySet<TlsFailureReason> = new Set([
  "server-certificate-malformed",
  "server-certificate-expired",
  "server-certificate-untrusted",
  "server-name-mismatch",
  "bad-signature",
]);

function refusalOf({ reason, message: detail }: TlsFailure): OpenRefusal {
  if (reason === "client-certificate-refused" || reason === "client-key-not-accepted") {
    return { reason: "certificate-refused", detail };
  }
  return notTrusted.has(reason)
    ? { reason: "server-not-trusted", detail }
    : { reason: "protocol", failure: reason, detail };
}

function refusalOfEnd(end: SessionEnd): OpenRefusal {
  if (end.cause instanceof TlsFailure) return refusalOf(end.cause);
  const outcome = outcomeOfEnd(end);
  if (outcome.outcome === "certificate-trouble") {
    return { reason: "certificate-refused", detail: outcome.reason };
  }
  const failure = end.cause instanceof Http2Failure ? end.cause.code : "ended";
  return { reason: "protocol", failure, detail: end.detail };
}
