import { DurableObject } from "cloudflare:workers";
import type { MtlsBinding } from "../apns/binding-client.ts";
import type { ApnsConnection } from "../apns/transport.ts";
import { fromBase64, toHex } from "../base/bytes.ts";
import { log, logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { openDb } from "../db/open.ts";
import { clearTrouble, findInUse, type PushCertificateRow, setTrouble } from "../db/push-certificates.ts";
import { type PushConfiguration, readEnv } from "../env.ts";
import { announceServerEvent } from "../events/announce.ts";
import { masterKeys } from "../pki/master.ts";
import { openText } from "../pki/seal.ts";
import { pushKeyContext } from "../pki/seal-contexts.ts";
import type { PushAnswer, PushAsk } from "./answer.ts";
import { PushConnection, type PushConnectionRefusal } from "./push-connection.ts";

/**
 * All pushes to one topic go through one of these objects: one connection, shared by all devices.
 *
 * It stores nothing. The device's object, whose commands still wait, remembers a push that was not sent; and the
 * certificate is read again for each connection.
 */
const connectTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
/** The usual limit of Apple's servers; they may announce a lower one. */
const maxStreams = 1_000;
/** How long Apple keeps the last push for a device that is off. */
const keptForSeconds = 7 * 24 * 60 * 60;
const usualIdleMs = 10_000;

/** TLS and HTTP/2 are much code, which other requests in a new isolate do not need. */
const ownTransport = () => Promise.all([import("../apns/client.ts"), import("../apns/roots.ts")]);

export class PushGateway extends DurableObject<Env> {
  readonly #line = new PushConnection({
    open: () => this.#open(),
    idleMs: () => this.#idleMs(),
    now: () => Date.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: () => Math.random(),
  });
  /** The id of the certificate of the present connection. */
  #inUse: { id: string; trouble: string | null } | undefined;

  /** Answers once the outcome is known: usually at once, and at most half a minute for each of three attempts. */
  async push({ token, PushMagic }: PushAsk): Promise<PushAnswer> {
    const answer = await this.#line.push(toHex(token), {
      token,
      PushMagic,
      topic: this.#topic,
      expiration: Math.floor(Date.now() / 1000) + keptForSeconds,
      priority: 10,
    });
    await this.#note(answer);
    return answer;
  }

  /** Another certificate is in use, or none. */
  async certificateChanged(): Promise<void> {
    this.#inUse = undefined;
    await this.#line.reset();
  }

  get #topic(): string {
    return this.ctx.id.name ?? "";
  }

  async #open(): Promise<Result<ApnsConnection, PushConnectionRefusal>> {
    try {
      const row = await findInUse(openDb(this.env.DB), this.#topic);
      if (row === undefined) {
        this.#inUse = undefined;
        return refuse({
          reason: "no-certificate",
          detail: `the server has no push certificate for ${this.#topic}`,
        });
      }
      this.#inUse = { id: row.id, trouble: row.trouble };
      const opened = await this.#connect(row);
      if (!opened.ok) await this.#tell(opened.refusal);
      return opened;
    } catch (fault) {
      logFault("push.not_opened", fault, { topic: this.#topic });
      return refuse({ reason: "unreachable", detail: "the push certificate could not be loaded" });
    }
  }

  async #connect(row: PushCertificateRow): Promise<Result<ApnsConnection, PushConnectionRefusal>> {
    const now = Date.now();
    const { host, port, roots, transport } = this.#configuration;
    if (transport === "binding") {
      // env.ts has checked it.
      const binding = this.env.PUSH_MTLS as MtlsBinding;
      const { bindingConnection } = await import("../apns/binding-client.ts");
      return ok(bindingConnection(binding, { host, port, requestTimeoutMs }));
    }
    if (row.notAfter <= now) {
      const detail = `the push certificate expired on ${new Date(row.notAfter).toISOString()}`;
      return refuse({ reason: "certificate-refused", detail });
    }
    const key = await openText(await masterKeys(this.env), pushKeyContext(row.id), row.sealedKey);
    if (!key.ok) throw new Error(`cannot open the key of push certificate ${row.id}: ${key.refusal.detail}`);
    const [{ openApnsConnection }, { pushRoots }] = await ownTransport();
    return openApnsConnection({
      host,
      port,
      certificates: [row.certificate, ...row.chain].map((der) => fromBase64(der) ?? new Uint8Array()),
      privateKey: key.value,
      roots: pushRoots(roots),
      now,
      connectTimeoutMs,
      requestTimeoutMs,
      maxStreams,
    });
  }

  get #configuration(): PushConfiguration {
    const configuration = readEnv(this.env);
    if (!configuration.ok) throw new Error(configuration.refusal.map(({ name }) => name).join(", "));
    return configuration.value.push;
  }

  async #idleMs(): Promise<number> {
    try {
      const { loadSettings } = await import("../admin/settings.ts");
      return (await loadSettings(this.env, Date.now())).push_idle_seconds * 1000;
    } catch {
      // The database is unavailable, which others log; the connection must be closed anyway.
      return usualIdleMs;
    }
  }

  /** Why no connection was opened, if a person must act. */
  async #tell(refusal: PushConnectionRefusal): Promise<void> {
    log({ event: "push.not_connected", topic: this.#topic, reason: refusal.reason, detail: refusal.detail });
    if (refusal.reason === "certificate-refused" || refusal.reason === "server-not-trusted") {
      await this.#noteTrouble(refusal.detail);
    }
  }

  async #note(answer: PushAnswer): Promise<void> {
    if (answer.outcome === "certificate-trouble" || answer.outcome === "topic-trouble") {
      return this.#noteTrouble(answer.reason);
    }
    if (answer.outcome !== "delivered" || !this.#inUse?.trouble) return;
    this.#inUse.trouble = null;
    const { id } = this.#inUse;
    const db = openDb(this.env.DB);
    log({ event: "push.trouble_over", topic: this.#topic });
    await clearTrouble(db, id);
    await announceServerEvent(
      this.env,
      { name: "push.trouble_over", detail: { topic: this.#topic, id } },
      Date.now(),
    );
  }

  /** Recorded once for all devices, by the first report. */
  async #noteTrouble(trouble: string): Promise<void> {
    if (this.#inUse === undefined || this.#inUse.trouble !== null) return;
    this.#inUse.trouble = trouble;
    const { id } = this.#inUse;
    const [db, now, topic] = [openDb(this.env.DB), Date.now(), this.#topic];
    if (!(await setTrouble(db, id, trouble, now))) return;
    log({ event: "push.trouble", topic, id, detail: trouble });
    await announceServerEvent(
      this.env,
      { name: "push.trouble", detail: { topic, id, reason: trouble } },
      now,
    );
  }
}
