import { exports } from "cloudflare:workers";
import { origin } from "./admin.ts";

// A person's browser: it keeps this server's cookies, follows where it is sent, and asks the provider for what is there.

export type Page = {
  url: string;
  status: number;
  headers: Headers;
  text: string;
  bytes: Uint8Array<ArrayBuffer>;
};

type Elsewhere = { issuer: string; fetch(request: Request): Promise<Response> };

export class Person {
  readonly cookies = new Map<string, string>();
  /** Where it was, in order. */
  readonly went: string[] = [];
  readonly #elsewhere: readonly Elsewhere[];
  /** What somebody in between adds, as Cloudflare Access does. */
  headers: Record<string, string> = {};

  constructor(...elsewhere: Elsewhere[]) {
    this.#elsewhere = elsewhere;
  }

  /** The headers go with the first request alone. */
  open = (url: string, headers: Record<string, string> = {}): Promise<Page> =>
    this.#go(new URL(url, origin), { method: "GET", headers });

  submit = (url: string, fields: Record<string, string>): Promise<Page> =>
    this.#go(new URL(url, origin), {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });

  /** One step: what the browser is answered, without following it. */
  async step(url: URL, init: RequestInit): Promise<Response> {
    this.went.push(url.href);
    const there = this.#elsewhere.find(({ issuer }) => url.href.startsWith(issuer));
    if (there !== undefined) return there.fetch(new Request(url, init));
    if (url.origin !== origin) throw new Error(`the browser was sent to ${url.href}`);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...this.headers, ...(init.headers as object), ...(cookie && { Cookie: cookie }) };
    const answer = await exports.default.fetch(new Request(url, { ...init, headers, redirect: "manual" }));
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  async #go(url: URL, init: RequestInit): Promise<Page> {
    let at = url;
    let asking = init;
    for (let steps = 0; steps < 10; steps++) {
      const answer = await this.step(at, asking);
      const to = answer.headers.get("Location");
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const text = new TextDecoder().decode(bytes);
      const isElsewhere = to !== null && !/^(https?:|\/)/.test(to);
      if (to === null || isElsewhere)
        return { url: at.href, status: answer.status, headers: answer.headers, text, bytes };
      at = new URL(to, at);
      asking = { method: "GET" };
    }
    throw new Error(`too many redirects: ${this.went.join(" -> ")}`);
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(/; */);
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (name.startsWith("__Host-") && !attributes.includes("Secure"))
      throw new Error(`no browser keeps ${line}`);
    if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
