import { DurableObject } from "cloudflare:workers";
import { logFault } from "../../base/log.ts";
import type { Page } from "../../business-api/page.ts";
import type { MdmServer } from "../../business-api/server.ts";
import { AlarmTurns } from "../alarm-turns.ts";
import { newPortalProgress } from "./progress.ts";
import type { AskedPortal, OrgDeviceNow, PortalService } from "./service.ts";

const service = () => import("./service.ts");

/**
 * One API account of Apple's portal. Its access token is one and Apple counts its calls, so all that is asked with it is
 * asked here, one after the other. Its alarm reads what was bought, and follows what people ordered to its end.
 */
export class ApplePortal extends DurableObject<Env> {
  #service: Promise<PortalService> | undefined;
  #line: Promise<unknown> = Promise.resolve();
  readonly #turns = new AlarmTurns(() => this.ctx.storage, newPortalProgress);

  async wake(now = false): Promise<void> {
    await this.#turns.wake(now);
  }

  /** With a new key, or because somebody asks: all is read now, whatever was refused before. */
  async begin(): Promise<void> {
    const progress = { ...this.#turns.progress, nextRunAt: 0, nextCoverageAt: 0, failures: 0, restUntil: 0 };
    await this.#turns.beginWith(progress);
  }

  servers(next: string | undefined, limit: number): Promise<AskedPortal<Page<MdmServer>>> {
    return this.#inLine(async (service) => service.servers(this.#turns.progress, next, limit));
  }

  serverDevices(id: string, next: string | undefined, limit: number): Promise<AskedPortal<Page<string>>> {
    return this.#inLine(async (service) => service.serverDevices(this.#turns.progress, id, next, limit));
  }

  deviceNow(serial: string): Promise<AskedPortal<OrgDeviceNow>> {
    return this.#inLine(async (service) => service.deviceNow(this.#turns.progress, serial));
  }

  override async alarm(): Promise<void> {
    await this.#turns.byAlarm(
      () => this.#inLine((service) => this.#turns.take((before) => service.takeTurn(before))),
      (fault) => logFault("ade.api_turn_failed", fault, { account: this.#name() }),
    );
  }

  #inLine<Value>(work: (service: PortalService) => Promise<Value>): Promise<Value> {
    const turn = this.#line.then(async () => {
      this.#service ??= service().then(({ portalService }) => portalService(this.env, this.#name()));
      return work(await this.#service);
    });
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  #name(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("an API account's object is called by its name");
    return name;
  }
}

export const openPortal = (env: Env, account: string): DurableObjectStub<ApplePortal> =>
  env.PORTAL.getByName(account);
