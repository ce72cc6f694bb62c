import { DurableObject } from "cloudflare:workers";
import { logFault } from "../base/log.ts";
import { minute } from "../base/time.ts";
import type { ContentProgress } from "./turn.ts";

/** By when a turn that was cut short, alarm and all, is taken up again. */
const takenUpAgainMs = 2 * minute;
const faultRetryMs = minute;

const service = () => import("./service.ts");

/**
 * One location of Apps and Books. Two that write at once take licences from each other, so all that is asked with its token
 * is asked here, one after the other. What is to be done lies in D1; the object only takes turns.
 */
export class ContentLocation extends DurableObject<Env> {
  /** How often somebody wanted a turn at once. */
  #wishes = 0;

  async wake(now = false): Promise<void> {
    if (now) this.#wishes += 1;
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || now) await this.ctx.storage.setAlarm(Date.now());
  }

  /** With a new token, or because somebody asks: whatever was refused before. */
  async begin(): Promise<void> {
    this.#wishes += 1;
    this.ctx.storage.kv.delete("progress");
    await this.ctx.storage.setAlarm(Date.now());
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + takenUpAgainMs);
    try {
      await this.#takeTurn();
    } catch (fault) {
      logFault("content.turn_failed", fault, { location: this.#name() });
      await this.ctx.storage.setAlarm(Date.now() + faultRetryMs);
    }
  }

  async #takeTurn(): Promise<void> {
    const { takeTurn } = await service();
    const wishes = this.#wishes;
    const outcome = await takeTurn(
      this.env,
      this.#name(),
      this.ctx.storage.kv.get<ContentProgress>("progress"),
    );
    if (outcome === "gone") {
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
      return;
    }
    // Who asks meanwhile may have changed what the turn had read: it counts as one that was cut short.
    if (outcome === "going" || this.#wishes !== wishes) return this.ctx.storage.setAlarm(Date.now());
    this.ctx.storage.kv.put("progress", outcome.progress);
    await this.ctx.storage.setAlarm(Math.max(outcome.at, Date.now()));
  }

  #name(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("a location's object is called by its name");
    return name;
  }
}

export const openLocation = (env: Env, location: string): DurableObjectStub<ContentLocation> =>
  env.CONTENT.getByName(location);
