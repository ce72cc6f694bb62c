// People who enroll devices by signing in: a provider on this machine knows them, and their browser follows where it is
// sent. The server asks that provider for as long as the run lasts.

import { discoverAt, enrollByAccount } from "../../test/support/apple-device/account.ts";
import type { AppleDevice, Transport } from "../../test/support/apple-device.ts";
import { FakeProviderService } from "../../test/support/node/fake-provider.ts";
import { Trouble } from "../trouble.ts";
import type { Admin } from "./admin.ts";

export type AccountKind = "byod" | "adde";

const secret = "a secret of the simulation";
const clientId = "edgemdm-simulation";
const kinds = { byod: "user", adde: "account_device" } as const;
/** Neither a server nor a provider sends anybody further. */
const mostHops = 10;

export class People {
  readonly #service: FakeProviderService;
  readonly #server: URL;
  readonly #kind: AccountKind;
  readonly #undo: () => Promise<void>;

  private constructor(
    service: FakeProviderService,
    server: URL,
    kind: AccountKind,
    undo: () => Promise<void>,
  ) {
    this.#service = service;
    this.#server = server;
    this.#kind = kind;
    this.#undo = undo;
  }

  static async start(server: URL, admin: Admin, kind: AccountKind): Promise<People> {
    if (!["localhost", "127.0.0.1"].includes(server.hostname))
      throw new Trouble(
        "--byod and --adde need a server on this machine: it must reach the provider that plays here",
      );
    const known = await admin.read("/api/v1/sign-in/provider");
    if (known.status !== 404)
      throw new Trouble(
        "the server has a sign-in provider already, which the simulation would take the place of",
      );
    const service = await FakeProviderService.start(clientId, secret);
    const { provider } = service;
    const before = (await admin.read("/api/v1/enrollment/settings")).json.account_driven;
    const undo = async () => {
      await admin.change("DELETE", "/api/v1/sign-in/provider");
      await admin.change("PATCH", "/api/v1/enrollment/settings", { account_driven: before });
    };
    const set = await admin.change("PUT", "/api/v1/sign-in/provider", {
      kind: "oidc",
      issuer: provider.issuer,
      client_id: clientId,
      client_secret: secret,
    });
    provider.client.redirectUris.push(String(set.redirect_uri));
    await admin.change("PATCH", "/api/v1/enrollment/settings", {
      account_driven: { enabled: true, rules: [{ kind: kinds[kind] }] },
    });
    return new People(service, server, kind, undo);
  }

  /** From the account in Settings to an enrolled device. */
  async enroll(device: AppleDevice, account: string, transport: Transport): Promise<void> {
    const at = new URL("/.well-known/com.apple.remotemanagement", this.#server);
    const found = await discoverAt(transport, at, account, device.flavour.family);
    const expected = this.#kind === "byod" ? "mdm-byod" : "mdm-adde";
    if (found.version !== expected) throw new Error(`discovery says ${found.version}, and not ${expected}`);
    await enrollByAccount(device, transport, account, found, (url) => this.#signIn(url, account));
  }

  /** Its client and its rules are what the server had before. */
  async stop(): Promise<void> {
    await this.#undo();
    this.#service.close();
  }

  /** A browser without anybody's cookies: where it is sent that is no web page. */
  async #signIn(from: string, account: string): Promise<string> {
    const { provider } = this.#service;
    const cookies = new Map<string, string>();
    let url = this.#here(new URL(from));
    for (let hops = 0; hops < mostHops; hops++) {
      const isProvider = url.href.startsWith(provider.issuer);
      // Nothing waits between these two lines and the provider's look at who is there.
      if (isProvider)
        provider.account = { sub: account, email: account, email_verified: true, name: account };
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = isProvider
        ? await provider.fetch(new Request(url))
        : await fetch(url, { redirect: "manual", headers: { Cookie: cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
        cookies.set(name, value);
      }
      const to = answer.headers.get("Location");
      if (to === null) {
        url = this.#here(new URL(continuationOf(answer.status, await answer.text()), url));
        continue;
      }
      if (!/^(https?:|\/)/.test(to)) return to;
      const next = new URL(to, url);
      url = next.href.startsWith(provider.issuer) ? next : this.#here(next);
    }
    throw new Error(`the sign-in leads in a circle at ${url}`);
  }

  /** Whatever address the server calls itself by, the one under test is the one that was given. */
  #here = (url: URL): URL => new URL(url.pathname + url.search, this.#server);
}

/** Where the page of what the organization can see goes on. */
function continuationOf(status: number, html: string): string {
  const next = /href="([^"]+)"[^>]*>Continue to sign in/.exec(html)?.[1];
  if (status !== 200 || next === undefined)
    throw new Error(`the sign-in ends with ${status}: ${titleOf(html)}`);
  return next.replaceAll("&amp;", "&");
}

const titleOf = (html: string): string => /<title>([^<]*)/.exec(html)?.[1] ?? html.slice(0, 200);
