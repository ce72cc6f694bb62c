// Which server is meant, and with what token.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { Trouble, writing } from "../trouble.ts";

export type Server = { origin: string; token: string };

/** What `login` stores. What a browser gave has an end. */
export type Login = Server & { expiresAt?: string };

const local = { origin: "http://localhost:8787", variables: resolve(import.meta.dirname, "../../.dev.vars") };

/** The environment, else what `login` stored, else local development. `url` changes where, never with what. */
export function findServer(url?: string): Server {
  const given = url ?? (process.env.EDGEMDM_URL || undefined);
  const stored = readLogin();
  const origin = given === undefined ? (stored?.origin ?? local.origin) : originOf(given);
  const token =
    process.env.EDGEMDM_TOKEN || (stored?.origin === origin ? tokenOf(stored) : localToken(origin));
  if (token === undefined || token === "")
    throw new Trouble(
      `no token for ${origin} is known: run edgemdm login, or set EDGEMDM_URL and EDGEMDM_TOKEN`,
    );
  return { origin, token };
}

function tokenOf({ origin, token, expiresAt }: Login): string {
  if (expiresAt === undefined || Date.parse(expiresAt) > Date.now()) return token;
  throw new Trouble(`your sign-in at ${origin} has ended: run edgemdm login ${origin}`);
}

/** A token goes over TLS, but on this machine. */
export function originOf(text: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Trouble(`${text} is no address of a server`);
  if (url.protocol === "http:" && !isThisMachine(url.hostname))
    throw new Trouble(`${url.origin} is not https: anybody on the way could read the token`);
  return url.origin;
}

const isThisMachine = (host: string): boolean => ["localhost", "127.0.0.1", "[::1]"].includes(host);

function localToken(origin: string): string | undefined {
  if (!isThisMachine(new URL(origin).hostname) || !existsSync(local.variables)) return undefined;
  return parseEnv(readFileSync(local.variables, "utf8")).ADMIN_TOKEN;
}

export const loginFile = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "edgemdm", "login.json");

export function readLogin(): Login | undefined {
  const file = loginFile();
  if (!existsSync(file)) return undefined;
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0)
    throw new Trouble(`others on this machine can read ${file}: chmod 600 ${file}`);
  try {
    const { origin, token, expiresAt } = JSON.parse(readFileSync(file, "utf8"));
    if (typeof origin === "string" && typeof token === "string")
      return { origin, token, ...(typeof expiresAt === "string" && { expiresAt }) };
  } catch {
    // Said below.
  }
  throw new Trouble(`${file} is damaged: run edgemdm login`);
}

export function storeLogin(login: Login): string {
  const file = loginFile();
  writing(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
  });
  return file;
}

export function forgetLogin(): boolean {
  const file = loginFile();
  if (!existsSync(file)) return false;
  writing(file, () => rmSync(file));
  return true;
}
