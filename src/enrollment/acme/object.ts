import { DurableObject } from "cloudflare:workers";
import { acmeRefusal } from "../../acme/problem.ts";
import type { Answered, Question } from "./question.ts";
import { accountStore } from "./store.ts";

/** The code for answers is loaded at a client's first request, because every isolate loads this file. */
const answers = () => import("./answers.ts");

/**
 * One ACME account, named by the thumbprint of its key: its orders and its used nonces.
 *
 * A stranger cannot make it store anything: an account without an order is only its key, and an order needs a client
 * identifier from this server. A day after the last order everything is deleted.
 */
export class AcmeAccount extends DurableObject<Env> {
  readonly #store = accountStore(this.ctx.storage.sql);
  /** Nonces that were used before the first order. */
  readonly #usedNonces = new Map<string, number>();

  async answer(question: Question): Promise<Answered> {
    const now = Date.now();
    if (!this.#useNonce(question.nonce, question.nonceEndsAt, now))
      return acmeRefusal("badNonce", "the nonce was already used");
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
