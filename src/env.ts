import { fromBase64 } from "./base/bytes.ts";
import { ok, type Result, refuse } from "./base/result.ts";

/**
 * Every binding and variable of the Worker, checked once in each isolate before anything uses it.
 *
 * Leaves to others: whether the resources behind the bindings answer (`/readyz` asks), and runtime settings in D1.
 */
declare global {
  // Optional ones are not in wrangler.toml, so the generated types do not have them.
  interface Env {
    /** The master key before the current one, while sealed values are moved to the new one. */
    MASTER_KEY_PREVIOUS?: string;
    /** Shared with a proxy that ends TLS and passes on client certificates (RFC 9440); unset: no proxy is trusted. */
    PROXY_SECRET?: string;
    /** `true`: Cloudflare's verdict on client certificates is trusted. Never on a local machine. */
    MUTUAL_TLS?: string;
    /** `true`: SCEP accepts 3DES and DES, for old clients. */
    SCEP_LEGACY_CIPHERS?: string;
    /** Where pushes go: Apple's service, unless it is a stand-in for it. */
    PUSH_HOST?: string;
    PUSH_PORT?: string;
    /** PEM: trusted roots for the service's certificate besides the pinned ones. */
    PUSH_ROOTS?: string;
    /** `sockets` or `binding`. */
    PUSH_TRANSPORT?: string;
    /** PEM: trusted roots for attestations besides Apple's. */
    ATTESTATION_ROOTS?: string;
    /** Where Apple's list of systems is read: its own service, unless it is a stand-in for it. */
    GDMF_URL?: string;
    /** PEM: roots that the certificate of that stand-in may come from, in place of Apple's. */
    GDMF_ROOTS?: string;
    /** Where Apple takes an Activation Lock off: its own service, unless it is a stand-in for it. */
    UNLOCK_URL?: string;
    /** PEM: roots that the certificate of that service may come from, besides the pinned ones. */
    UNLOCK_ROOTS?: string;
    /** PEM: authorities that a device's machine info may be signed under besides Apple's. */
    DEVICE_AUTHORITIES?: string;
    /** how many seconds the directory may wait for the news that a command is queued; 5. */
    QUEUED_NEWS_SECONDS?: string;
    /** how many seconds after a device took the command to install an app it is asked what became of it; 60. */
    APP_LOOK_SECONDS?: string;
    /** Sends mail; unset: none is sent. */
    EMAIL?: SendEmail;
    /** Holds the files of packages; unset: none can be uploaded. */
    PACKAGES?: R2Bucket;
    /** Holds the push certificate where PUSH_TRANSPORT is `binding`. */
    PUSH_MTLS?: Fetcher;
    /** `true`: webhooks may go to this machine and to private addresses, without TLS. For development. */
    WEBHOOK_ALLOW_LOCAL?: string;
  }
}

/** The configuration of the deployment, typed and checked. */
export type Configuration = {
  /** The address for devices and people, without a slash at the end; undefined: the address of each request. */
  publicUrl: string | undefined;
  /** The secret of a proxy whose Client-Cert header is trusted; undefined: no proxy is trusted. */
  proxySecret: string | undefined;
  /** Whether Cloudflare's verdict on client certificates is trusted. */
  mutualTls: boolean;
  /** Whether SCEP reads 3DES and DES. */
  scepLegacyCiphers: boolean;
  push: PushConfiguration;
  /** Where Apple's list of systems is read. PEM; empty: Apple's root. */
  gdmf: { url: string; roots: string };
  /** Where Apple takes an Activation Lock off. PEM, besides the pinned roots; empty: none. */
  unlock: { url: string; roots: string };
  /** Whether webhooks may go to private addresses, without TLS. */
  webhookAllowLocal: boolean;
};

/** How Apple's push service is reached. */
export type PushConfiguration = {
  host: string;
  port: number;
  /** PEM, besides the pinned ones; empty: none. */
  roots: string;
  transport: "sockets" | "binding";
};

/** A binding or variable that is missing or malformed, and what to do about it. */
export type EnvProblem = { name: string; problem: string; remedy: string };

const secretTextLength = 32;
const masterKeyBytes = 32;
const newSecret = "node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\"";

const checked = new WeakMap<object, Result<Configuration, EnvProblem[]>>();

export function readEnv(env: Env): Result<Configuration, EnvProblem[]> {
  const known = checked.get(env);
  if (known !== undefined) return known;
  const answer = checkEnv(env);
  checked.set(env, answer);
  return answer;
}

function checkEnv(env: Partial<Env>): Result<Configuration, EnvProblem[]> {
  const problems = [
    bindingProblem("DB", env.DB, "prepare", "[[d1_databases]]"),
    bindingProblem("ACME", env.ACME, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("ADE", env.ADE, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("BATCH", env.BATCH, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("DEVICE", env.DEVICE, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("REGISTRAR", env.REGISTRAR, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("JOB", env.JOB, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("CONTENT", env.CONTENT, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("PORTAL", env.PORTAL, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("PUSH", env.PUSH, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("WEBHOOK", env.WEBHOOK, "getByName", "[[durable_objects.bindings]]"),
    bindingProblem("FEED", env.FEED, "getByName", "[[durable_objects.bindings]]"),
    // Without them nothing is limited.
    env.ENROLL_LIMIT && bindingProblem("ENROLL_LIMIT", env.ENROLL_LIMIT, "limit", "[[ratelimits]]"),
    env.LOGIN_LIMIT && bindingProblem("LOGIN_LIMIT", env.LOGIN_LIMIT, "limit", "[[ratelimits]]"),
    env.EMAIL && bindingProblem("EMAIL", env.EMAIL, "send", "[[send_email]]"),
    env.PACKAGES && bindingProblem("PACKAGES", env.PACKAGES, "createMultipartUpload", "[[r2_buckets]]"),
    masterKeyProblem("MASTER_KEY", env.MASTER_KEY),
    env.MASTER_KEY_PREVIOUS ? masterKeyProblem("MASTER_KEY_PREVIOUS", env.MASTER_KEY_PREVIOUS) : undefined,
    secretTextProblem("ADMIN_TOKEN", env.ADMIN_TOKEN),
    publicUrlProblem(env.PUBLIC_URL),
    env.PROXY_SECRET ? secretTextProblem("PROXY_SECRET", env.PROXY_SECRET) : undefined,
    flagProblem("MUTUAL_TLS", env.MUTUAL_TLS),
    flagProblem("SCEP_LEGACY_CIPHERS", env.SCEP_LEGACY_CIPHERS),
    pemProblem("ATTESTATION_ROOTS", env.ATTESTATION_ROOTS),
    pemProblem("DEVICE_AUTHORITIES", env.DEVICE_AUTHORITIES),
    flagProblem("WEBHOOK_ALLOW_LOCAL", env.WEBHOOK_ALLOW_LOCAL),
    secondsProblem("QUEUED_NEWS_SECONDS", env.QUEUED_NEWS_SECONDS),
    secondsProblem("APP_LOOK_SECONDS", env.APP_LOOK_SECONDS),
    httpsUrlProblem("GDMF_URL", env.GDMF_URL),
    pemProblem("GDMF_ROOTS", env.GDMF_ROOTS),
    httpsUrlProblem("UNLOCK_URL", env.UNLOCK_URL),
    pemProblem("UNLOCK_ROOTS", env.UNLOCK_ROOTS),
    ...pushProblems(env),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) return refuse(problems);
  return ok({
    publicUrl: publicUrl(env.PUBLIC_URL),
    proxySecret: env.PROXY_SECRET || undefined,
    mutualTls: env.MUTUAL_TLS === "true" && !isLocal(env.PUBLIC_URL),
    scepLegacyCiphers: env.SCEP_LEGACY_CIPHERS === "true",
    webhookAllowLocal: env.WEBHOOK_ALLOW_LOCAL === "true",
    gdmf: { url: env.GDMF_URL || "https://gdmf.apple.com/v2/pmv", roots: env.GDMF_ROOTS || "" },
    unlock: { url: env.UNLOCK_URL || unlockService, roots: env.UNLOCK_ROOTS || "" },
    push: {
      host: env.PUSH_HOST || "api.push.apple.com",
      port: Number(env.PUSH_PORT || 443),
      roots: env.PUSH_ROOTS || "",
      transport: env.PUSH_TRANSPORT === "binding" ? "binding" : "sockets",
    },
  });
}

function bindingProblem(
  name: string,
  binding: unknown,
  method: string,
  section: string,
): EnvProblem | undefined {
  // Bindings are host objects: their methods are visible to `in` but are not own keys.
  if (typeof binding === "object" && binding !== null && method in binding) return undefined;
  return {
    name,
    problem: binding === undefined ? "the binding is missing" : "the binding is of the wrong kind",
    remedy: `declare ${name} in a ${section} section of wrangler.toml, as in the repository, and deploy again`,
  };
}

function masterKeyProblem(name: string, value: unknown): EnvProblem | undefined {
  const remedy = `set it to 32 random bytes in base64, such as \`${newSecret}\` prints, with \`npx wrangler secret put ${name}\``;
  if (typeof value !== "string" || value === "") return { name, problem: "the secret is not set", remedy };
  const bytes = fromBase64(value);
  if (bytes === undefined) return { name, problem: "the secret is not base64", remedy };
  if (bytes.length === masterKeyBytes) return undefined;
  return { name, problem: `the secret has ${bytes.length} bytes instead of ${masterKeyBytes}`, remedy };
}

function secretTextProblem(name: string, value: unknown): EnvProblem | undefined {
  const remedy = `set it to at least ${secretTextLength} random characters, such as \`${newSecret}\` prints, with \`npx wrangler secret put ${name}\``;
  if (typeof value !== "string" || value === "") return { name, problem: "the secret is not set", remedy };
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return { name, problem: "the secret has characters that an HTTP header cannot carry", remedy };
  }
  if (value.length >= secretTextLength) return undefined;
  return { name, problem: `the secret has ${value.length} characters, too few to be safe`, remedy };
}

function publicUrlProblem(value: unknown): EnvProblem | undefined {
  if (value === undefined || value === "" || publicUrl(value) !== undefined) return undefined;
  return {
    name: "PUBLIC_URL",
    problem: `${JSON.stringify(value)} is not the address of a server`,
    remedy:
      "set it to https:// and a host name, without a path, or leave it empty, under [vars] in wrangler.toml",
  };
}

const unlockService = "https://deviceservices-external.apple.com/deviceservicesworkers/escrowKeyUnlock";

function httpsUrlProblem(name: string, value: unknown): EnvProblem | undefined {
  if (!value || URL.parse(String(value))?.protocol === "https:") return undefined;
  return {
    name,
    problem: `${JSON.stringify(value)} is no address that begins with https://`,
    remedy: "set it to one, or leave it out, under [vars] in wrangler.toml",
  };
}

function flagProblem(name: string, value: unknown): EnvProblem | undefined {
  if (value === undefined || value === "" || value === "true" || value === "false") return undefined;
  return {
    name,
    problem: `${JSON.stringify(value)} is neither true nor false`,
    remedy: "set it to true or false, or leave it out, under [vars] in wrangler.toml",
  };
}

const mostSeconds = 3600;

function secondsProblem(name: string, value: unknown): EnvProblem | undefined {
  if (!value || (/^\d+$/.test(String(value)) && Number(value) <= mostSeconds)) return undefined;
  return {
    name,
    problem: `${JSON.stringify(value)} is no number of seconds up to ${mostSeconds}`,
    remedy: "set it to one, or leave it out, under [vars] in wrangler.toml",
  };
}

function pemProblem(name: string, value: unknown): EnvProblem | undefined {
  if (!value || String(value).includes("-----BEGIN CERTIFICATE-----")) return undefined;
  return {
    name,
    problem: "it has no certificate in PEM",
    remedy: "set it to one or more, or leave it out, under [vars] in wrangler.toml",
  };
}

function pushProblems(env: Partial<Env>): (EnvProblem | undefined)[] {
  const wrong = (name: string, problem: string, fix: string): EnvProblem => ({
    name,
    problem,
    remedy: `${fix}, or leave it out, under [vars] in wrangler.toml`,
  });
  const { PUSH_HOST: host, PUSH_PORT: port, PUSH_ROOTS: roots, PUSH_TRANSPORT: transport } = env;
  const spelled = (value: unknown): string => `${JSON.stringify(value)} is`;
  return [
    host && !/^[\w.-]+$/.test(host)
      ? wrong("PUSH_HOST", `${spelled(host)} no host name`, "set it to one such as api.push.apple.com")
      : undefined,
    port && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)
      ? wrong("PUSH_PORT", `${spelled(port)} no port`, "set it to 443 or 2197")
      : undefined,
    roots && !roots.includes("-----BEGIN CERTIFICATE-----")
      ? wrong("PUSH_ROOTS", "it has no certificate in PEM", "set it to one or more")
      : undefined,
    transport && transport !== "sockets" && transport !== "binding"
      ? wrong("PUSH_TRANSPORT", `${spelled(transport)} none`, "set it to sockets or binding")
      : undefined,
    transport === "binding"
      ? bindingProblem("PUSH_MTLS", env.PUSH_MTLS, "fetch", "[[mtls_certificates]]")
      : undefined,
  ];
}

function publicUrl(value: unknown): string | undefined {
  const url = typeof value === "string" ? URL.parse(value) : null;
  const bare = url !== null && url.pathname === "/" && !url.search && !url.hash && !url.username;
  const speaksTls = url?.protocol === "https:" || (url?.protocol === "http:" && isLocal(value));
  return bare && speaksTls ? url.origin : undefined;
}

/** Such an address has no Cloudflare in front, and the development server trusts any header in Cloudflare's name. */
function isLocal(address: unknown): boolean {
  const host = typeof address === "string" ? URL.parse(address)?.hostname : undefined;
  return host === "localhost" || host === "127.0.0.1";
}
