import { ok, type Result, refuse } from "../base/result.ts";
import { readEnv } from "../env.ts";

/**
 * Allowed addresses of webhooks. An administrator sets the address and sees its answers, so it must not be a host that
 * only this server can reach.
 *
 * Leaves to others: what a name resolves to. Workers fetch through Cloudflare's own resolver and network, which cannot
 * reach private networks, and redirects are not followed.
 */
export type AddressRefusal = { reason: "address-not-taken"; detail: string };

const longest = 2_000;

/** For development: addresses of this machine, and without TLS. */
export function allowsLocal(env: Env): boolean {
  const configuration = readEnv(env);
  return configuration.ok && configuration.value.webhookAllowLocal;
}

export function checkAddress(text: string, allowLocal: boolean): Result<URL, AddressRefusal> {
  const url = text.length > longest ? null : URL.parse(text);
  if (url === null) return no(`must be an address such as https://hooks.example.com/mdm`);
  if (url.username || url.password)
    return no("must not have a user name or password; use the signature instead");
  if (url.hash) return no("must not have a part after #, because that is never sent");
  if (allowLocal && (url.protocol === "http:" || url.protocol === "https:")) return ok(url);
  if (url.protocol !== "https:") return no("must begin with https://");
  const host = url.hostname.replace(/\.+$/, "");
  if (isPrivate(host)) {
    return no(`must not be ${url.hostname}: only public addresses are allowed, see WEBHOOK_ALLOW_LOCAL`);
  }
  return ok(url);
}

const no = (detail: string) => refuse({ reason: "address-not-taken" as const, detail });

const privateNames = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|arpa|test|invalid)$/;

function isPrivate(host: string): boolean {
  if (host.startsWith("[")) return isPrivateV6(host.slice(1, -1));
  // The parser writes every IPv4 address in four decimal parts, also hexadecimal and octal ones.
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (parts) return isPrivateV4(parts.slice(1).map(Number));
  return !host.includes(".") || privateNames.test(host);
}

/** All networks that are not public: https://www.iana.org/assignments/iana-ipv4-special-registry */
function isPrivateV4([a = 0, b = 0, c = 0]: number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99);
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

/** Only public networks, without those that contain an IPv4 address or a tunnel. */
function isPrivateV6(address: string): boolean {
  const first = Number.parseInt(address.split(":")[0] || "0", 16);
  const second = Number.parseInt(address.split(":")[1] || "0", 16);
  if (first < 0x2000 || first > 0x3fff) return true;
  if (first === 0x2002) return true;
  return first === 0x2001 && (second < 0x200 || second === 0xdb8);
}
