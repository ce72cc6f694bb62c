/**
 * The line between one device and its server: every request goes over it, signed by the identity of the moment, and
 * every answer has on it the consequences that it has on a real device. A 401, or a 403 whose document says
 * `com.apple.unrecognized.device`, ends the enrollment; trouble (5xx, no answer) is tried again with the same bytes.
 */
import type { Identity } from "./certificate.ts";
import { type SignatureStyle, signedData } from "./cms.ts";
import { type Bytes, base64 } from "./der.ts";
import { dictionary, plistOf } from "./plist.ts";
import type { Management } from "./profile.ts";

export type Transport = (request: Request) => Promise<Response>;

export type Answer = { status: number; headers: Headers; body: Bytes };

/** A verb was called on a device that has dropped its profile. */
export class NotManaged extends Error {
  override readonly name = "NotManaged";
}

export type SendOptions = {
  url?: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sign as somebody else; null leaves the signature out. */
  identity?: Identity | null;
  /** What the signature covers, when it is to lie about the body. */
  signedBytes?: Uint8Array;
  style?: SignatureStyle;
  /** How often at most, while there is trouble. */
  attempts?: number;
};

export type LineOptions = {
  transport: Transport;
  now: () => number;
  pause: (ms: number) => Promise<void>;
  style: SignatureStyle;
  userAgent: string;
  attempts: number;
  /** Systems before iOS 17, macOS 14, tvOS 17 take a 403 as a failure and no more. */
  readsErrorDocuments: boolean;
  onEnd: () => void;
};

export const contentTypes = {
  checkin: "application/x-apple-aspen-mdm-checkin",
  connect: "application/x-apple-aspen-mdm; charset=UTF-8",
} as const;

export class Line {
  management: Management | undefined;
  identity: Identity | undefined;
  /** The access token of an account-driven enrollment: it goes with every request. */
  accessToken: string | undefined;
  /** Why the device is not managed any more. */
  endedBy: string | undefined;
  /** An account-driven enrollment was told to sign in again. */
  mustSignIn = false;

  readonly options: LineOptions;

  constructor(options: LineOptions) {
    this.options = options;
  }

  get managed(): Management {
    if (!this.management) {
      throw new NotManaged(
        this.endedBy ? `the device dropped its profile: ${this.endedBy}` : "the device was never enrolled",
      );
    }
    return this.management;
  }

  checkIn(body: Bytes, options: SendOptions = {}): Promise<Answer> {
    const headers = { "content-type": contentTypes.checkin, ...options.headers };
    return this.send(body, { url: this.managed.checkInUrl, ...options, headers });
  }

  connect(body: Bytes, options: SendOptions = {}): Promise<Answer> {
    const headers = { "content-type": contentTypes.connect, ...options.headers };
    return this.send(body, { url: this.managed.serverUrl, ...options, headers });
  }

  /** An asset or profile that declarative management points to: the signature is over nothing. */
  download(url: string, options: SendOptions = {}): Promise<Answer> {
    return this.send(new Uint8Array(), { ...options, url, method: "GET" });
  }

  async send(body: Bytes, options: SendOptions): Promise<Answer> {
    const headers = this.#headers(body, options);
    const attempts = options.attempts ?? this.options.attempts;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#once(options, headers, body).catch((fault: unknown) => {
        if (attempt >= attempts) throw fault;
        return undefined;
      });
      if (answer && (answer.status < 500 || attempt >= attempts)) {
        this.#suffer(answer);
        return answer;
      }
      await this.options.pause(2 ** attempt * 250);
    }
  }

  end(reason: string): void {
    this.management = undefined;
    this.identity = undefined;
    this.endedBy = reason;
    this.options.onEnd();
  }

  #headers(body: Bytes, options: SendOptions): Record<string, string> {
    const identity = options.identity === undefined ? this.identity : (options.identity ?? undefined);
    const signs = identity !== undefined && (options.identity || this.management?.signMessage === true);
    return {
      accept: "*/*",
      "accept-encoding": "gzip, deflate, br",
      "cache-control": "no-cache",
      "user-agent": this.options.userAgent,
      ...(signs
        ? { "mdm-signature": this.signature(options.signedBytes ?? body, identity, options.style) }
        : {}),
      ...(this.accessToken === undefined ? {} : { authorization: `Bearer ${this.accessToken}` }),
      ...options.headers,
    };
  }

  /** The value of Mdm-Signature: a detached CMS over exactly these bytes. */
  signature(content: Uint8Array, signer: Identity, style: SignatureStyle = this.options.style): string {
    return base64(signedData({ content, detached: true, signer, style, now: this.options.now() }));
  }

  /** Redirects are followed with the same method and bytes, and forgotten. */
  async #once(options: SendOptions, headers: Record<string, string>, body: Bytes): Promise<Answer> {
    const method = options.method ?? "PUT";
    let url = options.url ?? this.managed.serverUrl;
    for (let hops = 0; ; hops++) {
      const response = await this.options.transport(
        new Request(url, { method, headers, redirect: "manual", ...(method === "GET" ? {} : { body }) }),
      );
      const answer = {
        status: response.status,
        headers: response.headers,
        body: new Uint8Array(await response.arrayBuffer()),
      };
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null || hops === 5) return answer;
      url = new URL(location, url).href;
    }
  }

  #suffer(answer: Answer): void {
    if (this.management === undefined) return;
    if (answer.status === 401) {
      if (this.accessToken !== undefined && /^Bearer /i.test(answer.headers.get("www-authenticate") ?? "")) {
        this.mustSignIn = true;
      } else {
        this.end("the server answered 401");
      }
    }
    const code = answer.status === 403 && this.options.readsErrorDocuments ? errorCode(answer) : undefined;
    if (code === "com.apple.unrecognized.device") this.end(`the server answered 403 with ${code}`);
  }
}

/** The `code` of a 403 document; the Content-Type must say whether it is JSON or a property list. */
function errorCode(answer: Answer): string | undefined {
  const type = answer.headers.get("content-type")?.split(";")[0]?.trim();
  try {
    if (type === "application/json") {
      const document: unknown = JSON.parse(Buffer.from(answer.body).toString("utf8"));
      const code = (document as { code?: unknown } | null)?.code;
      return typeof code === "string" ? code : undefined;
    }
    if (type === "application/xml" || type === "text/xml") {
      const code = dictionary(plistOf(answer.body), "the error document").get("code");
      return typeof code === "string" ? code : undefined;
    }
  } catch {
    return undefined; // not an error document, only an answer of 403
  }
  return undefined;
}
