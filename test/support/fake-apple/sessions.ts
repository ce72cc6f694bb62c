import type { IssuedToken } from "./oauth.ts";
import type { AppleServer } from "./server.ts";

export type Session = {
  id: string;
  server: AppleServer;
  token: IssuedToken;
  endsAt: number;
  uses: number;
  lastUse: boolean;
};

/** Sessions that end by the clock, and that a new one replaces every so many answers; the old one is good once more. */
export class Sessions {
  lifetimeMs = 30 * 60 * 1000;
  rotateEvery = 0;
  readonly #open = new Map<string, Session>();

  open(server: AppleServer, token: IssuedToken, now: number): Session {
    const id = [...crypto.getRandomValues(new Uint8Array(20))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    const session = { id, server, token, endsAt: now + this.lifetimeMs, uses: 0, lastUse: false };
    this.#open.set(id, session);
    return session;
  }

  /** undefined for one that is unknown, ended or replaced. */
  use(id: string, now: number): Session | undefined {
    const session = this.#open.get(id);
    if (!session || session.endsAt <= now) return undefined;
    if (session.lastUse) this.#open.delete(id);
    session.uses += 1;
    return session;
  }

  /** The session that an answer tells the caller to use from now on; undefined while the present one stays. */
  replacement(session: Session, now: number): Session | undefined {
    if (this.rotateEvery === 0 || session.lastUse || session.uses % this.rotateEvery !== 0) return undefined;
    session.lastUse = true;
    return this.open(session.server, session.token, now);
  }

  endAll(): void {
    this.#open.clear();
  }
}
