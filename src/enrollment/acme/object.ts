import { DurableObject } from "cloudflare:workers";
import { acmeRefusal } from "../../acme/problem.ts";
import type { Answered, Question } from "./question.ts";
import { accountStore } from "./store.ts";

/** What answers is loaded when a client asks: every isolate starts with this file. */
const answers = () => import("./answers.ts");

/**
 * One ACME account, named by the thumbprint of its key: its orders, and the nonces that it has used.
 *
 * A stranger cannot make it store anything: an account without an order is its key alone, and an order needs a client
 * identifier that was minted here. A day after the last order all of it is gone.
 */
export class AcmeAccount extends DurableObject<Env> {
  readonly #store = accountStore(this.ctx.storage.sql);
  /** Those that were used before there was anything to keep them with. */
  readonly #usedNonces = new Map<string, number>();

  async answer(question: Question): Promise<Answered> {
    const now = Date.now();
    if (!this.#useNonce(question.nonce, question.nonceEndsAt, now))
      return acmeRefusal("badNonce", "the nonce was used before");
    const { answerQuestion } = await answers();
    const { storage, id } = this.ctx;
    const [store, usedNonces] = [this.#store, this.#usedNonces];
    return answerQuestion({ env: this.env, name: id.name ?? "", storage, store, usedNonces, now }, question);
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  #useNonce(nonce: string, endsAt: number, now: number): boolean {
    for (const [used, end] of this.#usedNonces) if (end <= now) this.#usedNonces.delete(used);
    if (this.#usedNonces.has(nonce)) return false;
    if (this.#store.isThere()) return this.#store.addNonce(nonce, endsAt);
    this.#usedNonces.set(nonce, endsAt);
    return true;
  }
}
