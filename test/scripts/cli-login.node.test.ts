import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { builtWorker } from "../support/node/built-worker.ts";
import { FakeProviderService } from "../support/node/fake-provider.ts";

// `edgemdm login` with a browser: the real program, a real server, a provider, and a person who confirms.

const token = "an-admin-token-of-at-least-32-characters";
const secret = "a secret that is long enough";
const harness = createTestHarness({
  workers: [
    {
      ...(await builtWorker()),
      secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: token },
    },
  ],
});
const home = mkdtempSync(join(tmpdir(), "edgemdm-login-"));
const file = join(home, ".config/edgemdm/login.json");
const program = resolve(import.meta.dirname, "../../scripts/edgemdm.mjs");
let origin = "";
let provider: FakeProviderService;

beforeAll(async () => {
  origin = (await harness.listen()).url.origin;
  await harness.getWorker().applyD1Migrations("DB");
  provider = await FakeProviderService.start("edgemdm-admin", secret);
  provider.provider.client.redirectUris.push(`${origin}/sign-in/callback`);
});
afterAll(async () => {
  provider.close();
  await harness.close();
  rmSync(home, { recursive: true });
});

async function administratorsSignIn(): Promise<void> {
  const answer = await fetch(`${origin}/api/v1/sign-in/administrators`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      kind: "oidc",
      issuer: provider.provider.issuer,
      client_id: "edgemdm-admin",
      client_secret: secret,
      rules: [{ email: "anna@example.com", role: "operator" }],
    }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
}

class Program {
  readonly #child: ChildProcess;
  readonly #out: Promise<string>;
  #err = "";

  constructor(...args: string[]) {
    const env = { PATH: process.env.PATH ?? "", HOME: home, NO_COLOR: "1" };
    this.#child = spawn(process.execPath, [program, ...args], { cwd: home, env: env as never });
    this.#child.stdin?.end();
    this.#out = text(this.#child.stdout as NodeJS.ReadableStream);
    this.#child.stderr?.on("data", (chunk) => (this.#err += chunk));
  }

  /** The address that it asks the person to open. */
  async address(): Promise<URL> {
    for (let tries = 0; tries < 400; tries++) {
      const address = /Sign in at (\S+)/.exec(this.#err)?.[1];
      if (address !== undefined) return new URL(address);
      if (this.#child.exitCode !== null) break;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`it asks nobody to sign in: ${this.#err}`);
  }

  async ended(): Promise<{ code: number | null; out: string; err: string }> {
    if (this.#child.exitCode === null) await new Promise((done) => this.#child.once("exit", done));
    return { code: this.#child.exitCode, out: await this.#out, err: this.#err };
  }

  kill(): void {
    this.#child.kill();
  }
}

const run = (...args: string[]) => new Program(...args).ended();

/** A person's browser, up to the address of the program: it keeps cookies, and goes where it is sent. */
async function confirmed(address: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  const go = async (url: URL, init: RequestInit = {}): Promise<Response> => {
    const own = url.origin === origin && [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(init.headers as object), ...(own && { Cookie: own }) };
    const answer = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const to = answer.headers.get("Location");
    if (to === null) return answer;
    const next = new URL(to, url);
    return next.origin === origin || next.origin === provider.provider.issuer ? go(next) : answer;
  };
  const page = await (await go(address)).text();
  const pending = /name="sign-in" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const last = await go(new URL("/sign-in/admin", origin), {
    method: "POST",
    headers: { Origin: origin, "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams({ "sign-in": pending }),
  });
  return new URL(last.headers.get("Location") ?? "", origin);
}

test("before administrators can sign in, it says so", async () => {
  const { code, err } = await run("login", origin, "--browser");

  expect([code, err]).toEqual([
    1,
    `nobody signs in at ${origin} yet: docs/sign-in.md tells how, or give a token\n`,
  ]);
});

describe("once they can", () => {
  beforeAll(administratorsSignIn);

  test("a person signs in, works under the own name, and signs out", async () => {
    const login = new Program("login", origin, "--browser");
    const back = await confirmed(await login.address());
    const page = await fetch(back);
    const { code, out } = await login.ended();

    expect(back.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await page.text()).toContain("You are signed in");
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`^You are anna@example.com \\(operator\\) at ${origin}, until .+\\. Stored in `),
      ),
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const stored = JSON.parse(readFileSync(file, "utf8"));
    expect(stored).toEqual({ origin, token: expect.stringMatching(/^emdm_/), expiresAt: expect.any(String) });
    expect((await run("sets")).code).toBe(0);

    const signedOut = await run("logout");

    expect(signedOut.out).toContain("Forgotten.");
    expect(existsSync(file)).toBe(false);
    const after = await fetch(`${origin}/api/v1/session`, {
      headers: { Authorization: `Bearer ${stored.token}` },
    });
    expect(after.status).toBe(401);
  });

  test("a sign-in that has ended asks for the next", async () => {
    mkdirSync(dirname(file), { recursive: true });
    const login = { origin, token: "emdm_of-yesterday", expiresAt: new Date(Date.now() - 1).toISOString() };
    writeFileSync(file, JSON.stringify(login), { mode: 0o600 });

    const late = await run("sets");

    expect([late.code, late.err]).toEqual([
      1,
      `your sign-in at ${origin} has ended: run edgemdm login ${origin}\n`,
    ]);
    expect((await run("logout")).code).toBe(0);
  });

  test("what another page sends to the program is not taken, and the person can go on", async () => {
    const login = new Program("login", origin, "--browser", "--json");
    const address = await login.address();
    const callback = address.searchParams.get("redirect_uri") ?? "";
    const forged = await fetch(`${callback}?code=somebody-elses&state=guessed`);
    const without = await fetch(`${callback}?code=somebody-elses`);
    const elsewhere = await fetch(new URL("/favicon.ico", callback));

    await fetch(await confirmed(address));
    const { code, out } = await login.ended();

    expect([forged.status, without.status, elsewhere.status]).toEqual([400, 400, 400]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: "anna@example.com", role: "operator", origin });
    await run("logout");
  });

  test("a code that the server does not know gives no token", async () => {
    const login = new Program("login", origin, "--browser");
    const address = await login.address();
    const callback = new URL(address.searchParams.get("redirect_uri") ?? "");
    callback.search = new URLSearchParams({
      code: "invented",
      state: address.searchParams.get("state") ?? "",
    }).toString();
    await fetch(callback);
    const { code, err } = await login.ended();

    expect(code).toBe(1);
    expect(err).toContain(`${origin} gives no token: the code is unknown`);
    expect(existsSync(file)).toBe(false);
  });
});
