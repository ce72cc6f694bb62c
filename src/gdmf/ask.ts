import type { ByteStream } from "../apns/byte-stream.ts";
import { TlsFailure } from "../apns/tls/failure.ts";
import { startTls } from "../apns/tls/handshake.ts";
import { type Bytes, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { readHttpAnswer } from "./http-answer.ts";

/**
 * One GET over TLS of our own, to a server that no public root stands behind: `fetch` of a deployed Worker would end in 526.
 * Leaves to others: the socket.
 */
export type Question = {
  url: URL;
  /** Whom the server's certificate must come from; nobody else is believed. */
  roots: readonly Certificate[];
  now: number;
};

export type GdmfRefusal = {
  reason: "unreachable" | "timed-out" | "not-trusted" | "protocol" | "status";
  detail: string;
};

/** Today it is some 140,000. */
const longestAnswer = 4_000_000;

export async function askOver(
  stream: ByteStream,
  { url, roots, now }: Question,
): Promise<Result<Bytes, GdmfRefusal>> {
  try {
    const tls = await startTls(stream, { serverName: url.hostname, protocol: "http/1.1", roots, now });
    await tls.write(utf8(requestTo(url)));
    const answer = await readHttpAnswer(() => tls.read(), longestAnswer);
    await tls.close();
    if (!answer.ok) return refuse({ reason: "protocol", detail: `its answer: ${answer.refusal.detail}` });
    const { status, body } = answer.value;
    return status === 200 ? ok(body) : refuse({ reason: "status", detail: `it answered ${status}` });
  } catch (fault) {
    if (!(fault instanceof TlsFailure)) throw fault;
    const isTrust = fault.reason.startsWith("server-") || fault.reason === "bad-signature";
    return refuse({ reason: isTrust ? "not-trusted" : "protocol", detail: fault.message });
  }
}

const requestTo = ({ pathname, search, host }: URL): string =>
  [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    "User-Agent: edgemdm",
    "Accept: application/json",
    "Accept-Encoding: identity",
    "Connection: close",
    "",
    "",
  ].join("\r\n");
