import { DurableObject } from "cloudflare:workers";
import { logFault } from "../../base/log.ts";
import { minute } from "../../base/time.ts";
import type { Page } from "../../business-api/page.ts";
import type { MdmServer } from "../../business-api/server.ts";
import { newPortalProgress, type PortalProgress } from "./progress.ts";
import type { AskedPortal, OrgDeviceNow, PortalService } from "./service.ts";

/** By when a turn that was cut short, alarm and all, is taken up again. */
const takenUpAgainMs = 2 * minute;
const faultRetryMs = minute;

const service = () => import("./service.ts");

/**
 * One API account of Apple's portal. Its access token is one and Apple counts its calls, so all that is asked with it is
 * asked here, one after the other. Its alarm reads what was bought, and follows what people ordered to its end.
 */
export class ApplePortal extends DurableObject<Env> {
  #service: Promise<PortalService> | undefined;
  #line: Promise<unknown> = Promise.resolve();
  /** How often somebody wanted a turn at once. */
  #wishes = 0;

  async wake(now = false): Promise<void> {
    if (now) this.#wishes += 1;
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || now) await this.ctx.storage.setAlarm(Date.now());
  }

  /** With a new key, or because somebody asks: all is read now, whatever was refused before. */
  async begin(): Promise<void> {
    this.#wishes += 1;
    this.#keep({ ...this.#progress(), nextRunAt: 0, nextCoverageAt: 0, failures: 0, restUntil: 0 });
    await this.ctx.storage.setAlarm(Date.now());
  }

  servers(next: string | undefined, limit: number): Promise<AskedPortal<Page<MdmServer>>> {
    return this.#inLine(async (service) => service.servers(this.#progress(), next, limit));
  }

  serverDevices(id: string, next: string | undefined, limit: number): Promise<AskedPortal<Page<string>>> {
    return this.#inLine(async (service) => service.serverDevices(this.#progress(), id, next, limit));
  }

  deviceNow(serial: string): Promise<AskedPortal<OrgDeviceNow>> {
    return this.#inLine(async (service) => service.deviceNow(this.#progress(), serial));
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + takenUpAgainMs);
    try {
      await this.#inLine((service) => this.#takeTurn(service));
    } catch (fault) {
      logFault("ade.api_turn_failed", fault, { account: this.#name() });
      await this.ctx.storage.setAlarm(Date.now() + faultRetryMs);
    }
  }

  async #takeTurn(service: PortalService): Promise<void> {
    const wishes = this.#wishes;
    const outcome = await service.takeTurn(this.#progress());
    // Who asks meanwhile may have changed what the turn had read: it counts as one that was cut short.
    if (outcome === "going" || (outcome !== "gone" && this.#wishes !== wishes))
      return this.ctx.storage.setAlarm(Date.now());
    if (outcome === "gone") {
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
      return;
    }
    this.#keep(outcome.progress);
    await this.ctx.storage.setAlarm(Math.max(outcome.at, Date.now()));
  }

  #inLine<Value>(work: (service: PortalService) => Promise<Value>): Promise<Value> {
    const turn = this.#line.then(async () => {
      this.#service ??= service().then(({ portalService }) => portalService(this.env, this.#name()));
      return work(await this.#service);
    });
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  #progress(): PortalProgress {
    return this.ctx.storage.kv.get<PortalProgress>("progress") ?? newPortalProgress;
  }

  #keep(progress: PortalProgress): void {
    this.ctx.storage.kv.put("progress", progress);
  }

  #name(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("an API account's object is called by its name");
    return name;
  }
}

export const openPortal = (env: Env, account: string): DurableObjectStub<ApplePortal> =>
  env.PORTAL.getByName(account);
