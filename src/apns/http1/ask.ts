import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { type Result, refuse } from "../../base/result.ts";
import type { Certificate } from "../../pki/certificate.ts";
import type { ByteStream } from "../byte-stream.ts";
import { TlsFailure } from "../tls/failure.ts";
import { startTls } from "../tls/handshake.ts";
import type { ClientIdentity } from "../tls/options.ts";
import { type HttpAnswer, readHttpAnswer } from "./answer.ts";

/**
 * One request over TLS of our own, to a server of Apple's that `fetch` cannot ask: no public root stands behind it, where the
 * `fetch` of a deployed Worker ends in 526, or it wants our certificate.
 * Leaves to others: the socket, and what a status means.
 */
export type Question = {
  url: URL;
  /** GET, unless there is a body: then POST. */
  body?: { type: string; bytes: Bytes };
  accept: string;
  /** Whom the server's certificate must come from; nobody else is believed. */
  roots: readonly Certificate[];
  /** Present: the server must ask for it. */
  client?: ClientIdentity;
  now: number;
};

export type AskRefusal = {
  reason: "unreachable" | "timed-out" | "not-trusted" | "certificate-refused" | "protocol";
  detail: string;
};

/** The longest one today is Apple's list of systems, with some 140,000 bytes. */
const longestAnswer = 4_000_000;

export async function askOver(
  stream: ByteStream,
  question: Question,
): Promise<Result<HttpAnswer, AskRefusal>> {
  const { url, roots, client, now } = question;
  try {
    const tls = await startTls(stream, {
      serverName: url.hostname,
      protocol: "http/1.1",
      roots,
      now,
      ...(client && { client }),
    });
    await tls.write(requestOf(question));
    const answer = await readHttpAnswer(() => tls.read(), longestAnswer);
    await tls.close();
    return answer.ok
      ? answer
      : refuse({ reason: "protocol", detail: `its answer: ${answer.refusal.detail}` });
  } catch (fault) {
    if (!(fault instanceof TlsFailure)) throw fault;
    return refuse({ reason: reasonOf(fault), detail: fault.message });
  }
}

function reasonOf({ reason }: TlsFailure): AskRefusal["reason"] {
  if (reason.startsWith("server-") || reason === "bad-signature") return "not-trusted";
  return reason.startsWith("client-") ? "certificate-refused" : "protocol";
}

function requestOf({ url, body, accept }: Question): Bytes {
  const head = [
    `${body ? "POST" : "GET"} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "User-Agent: edgemdm",
    `Accept: ${accept}`,
    "Accept-Encoding: identity",
    ...(body ? [`Content-Type: ${body.type}`, `Content-Length: ${body.bytes.length}`] : []),
    "Connection: close",
    "",
    "",
  ].join("\r\n");
  return concat([utf8(head), ...(body ? [body.bytes] : [])]);
}
