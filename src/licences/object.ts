import { DurableObject } from "cloudflare:workers";
import { AlarmTurns } from "../apple-business/alarm-turns.ts";
import { logFault } from "../base/log.ts";
import { newContentProgress } from "./progress.ts";

const service = () => import("./service.ts");

/**
 * One location of Apps and Books. Two that write at once take licences from each other, so all that is asked with its token
 * is asked here, one after the other. What is to be done lies in D1; the object only takes turns.
 */
export class ContentLocation extends DurableObject<Env> {
  readonly #turns = new AlarmTurns(() => this.ctx.storage, newContentProgress);

  async wake(now = false): Promise<void> {
    await this.#turns.wake(now);
  }

  /** Something is due at that time. */
  async wakeBy(at: number): Promise<void> {
    await this.#turns.wakeBy(at);
  }

  /** With a new token, or because somebody asks: whatever was refused before. */
  async begin(): Promise<void> {
    await this.#turns.beginWith(newContentProgress);
  }

  override async alarm(): Promise<void> {
    await this.#turns.byAlarm(
      () => this.#turns.take(async (before) => (await service()).takeTurn(this.env, this.#name(), before)),
      (fault) => logFault("content.turn_failed", fault, { location: this.#name() }),
    );
  }

  #name(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("a location's object is called by its name");
    return name;
  }
}

export const openLocation = (env: Env, location: string): DurableObjectStub<ContentLocation> =>
  env.CONTENT.getByName(location);
