import type { MtlsBinding } from "../../src/apns/binding-client.ts";

// A Cloudflare `mtls_certificates` binding, as a Worker meets it: a fetch that presents the certificate which was
// uploaded for it. What Apple's service behind it says, the test decides; it sees the topic only, as Apple does.

export type BindingPush = { token: string; PushMagic: string; headers: Headers };
export type BindingAnswer =
  | { status: number; reason?: string; timestamp?: number }
  /** The connection breaks. */
  | "lost"
  /** Nothing is answered until the caller gives up. */
  | "silence";

export class FakeMtlsBinding implements MtlsBinding {
  readonly pushes: BindingPush[] = [];
  answer: (push: BindingPush) => BindingAnswer = () => ({ status: 200 });
  /** Of the certificate that was uploaded with it. */
  readonly topic: string;

  constructor(topic: string) {
    this.topic = topic;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    // The runtime's own rules for addresses, methods and headers.
    const request = new Request(url, init);
    const { protocol, pathname } = new URL(request.url);
    const token = /^\/3\/device\/([0-9a-f]+)$/.exec(pathname)?.[1];
    if (protocol !== "https:") throw new TypeError("mTLS bindings need https");
    if (request.method !== "POST") return refusal(405, "MethodNotAllowed");
    if (token === undefined) return refusal(404, "BadPath");
    if (request.headers.get("apns-topic") !== this.topic) return refusal(400, "TopicDisallowed");
    if (request.headers.get("apns-push-type") !== "mdm") return refusal(400, "InvalidPushType");
    const { mdm } = await request.json<{ mdm: string }>();
    const push = { token, PushMagic: mdm, headers: request.headers };
    this.pushes.push(push);
    return this.#respond(this.answer(push), init.signal ?? undefined);
  }

  async #respond(answer: BindingAnswer, signal: AbortSignal | undefined): Promise<Response> {
    if (answer === "lost") throw new Error("Network connection lost.");
    if (answer === "silence")
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const { status, reason, timestamp } = answer;
    const headers = { "apns-id": crypto.randomUUID() };
    if (status === 200) return new Response(null, { status, headers });
    return new Response(JSON.stringify({ reason, timestamp }), { status, headers });
  }
}

const refusal = (status: number, reason: string): Response =>
  new Response(JSON.stringify({ reason }), { status });
