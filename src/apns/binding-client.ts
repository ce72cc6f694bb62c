import {
  outcomeOf,
  type PushOutcome,
  type PushRequest,
  requestBody,
  requestHeaders,
  requestPath,
  unanswered,
} from "./apns.ts";
import type { ApnsConnection } from "./transport.ts";

/**
 * The other transport: a Cloudflare `mtls_certificates` binding, which presents the push certificate and speaks HTTP/2 for
 * us. The deployment fixes its certificate, so it is for deployments with one topic that are deployed at each renewal.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/mtls/
 *
 * The surprise: a binding has no visible connection. It is always usable and never ends.
 */
export type MtlsBinding = { fetch(url: string, init: RequestInit): Promise<Response> };

export function bindingConnection(
  binding: MtlsBinding,
  { host, port, requestTimeoutMs }: { host: string; port: number; requestTimeoutMs: number },
): ApnsConnection {
  let pending = 0;
  let announceEnd: (end: { detail: string; outcome: PushOutcome }) => void = () => {};
  const ended = new Promise<{ detail: string; outcome: PushOutcome }>((resolve) => {
    announceEnd = resolve;
  });
  const send = async (request: PushRequest): Promise<PushOutcome> => {
    const response = await binding.fetch(`https://${host}:${port}${requestPath(request)}`, {
      method: "POST",
      headers: requestHeaders(request) as [string, string][],
      body: requestBody(request),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return outcomeOf({ status: response.status, id: response.headers.get("apns-id") ?? undefined, body });
  };
  return {
    async push(request) {
      pending++;
      try {
        return await send(request);
      } catch (fault) {
        return unanswered(fault instanceof Error ? fault.message : String(fault));
      } finally {
        pending--;
      }
    },
    ping: async () => true,
    close: async () => announceEnd({ detail: "we closed the connection", outcome: unanswered("closed") }),
    isUsable: true,
    get unanswered() {
      return pending;
    },
    ended,
  };
}
