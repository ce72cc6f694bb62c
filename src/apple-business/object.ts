import { DurableObject } from "cloudflare:workers";
import type { AdeAccount } from "../ade/account.ts";
import type { AppleAnswer } from "../ade/answer.ts";
import type {
  ActivationLock,
  ActivationLockStatus,
  AdeRequest,
  BetaEnrollmentToken,
  Discovery,
  Replacement,
} from "../ade/calls.ts";
import type { AdeProfile, DefinedProfile } from "../ade/profile.ts";
import type { AdeToken } from "../ade/token.ts";
import { withDeadline } from "../base/deadline.ts";
import { logFault } from "../base/log.ts";
import { second } from "../base/time.ts";
import { AlarmTurns } from "./alarm-turns.ts";
import { newProgress } from "./progress.ts";
import type { AdeService, Asked, HandOutcomes, UploadAnswer } from "./service.ts";
import type { UploadOptions } from "./upload-token.ts";

/** A caller that asks again so soon gets what the last run found. */
const freshMs = 10 * second;

const service = () => import("./service.ts");

/** How far a sync that was asked for came: it is done, was done a moment ago, goes on, or Apple refused it. */
export type SyncAnswer = "done" | "fresh" | "running" | "refused" | "no-token";

/**
 * One server of Apple's portal. Its session is one, so all that is asked with its token is asked here, one call after
 * the other. Its alarm follows the devices and gives them their profiles; how far it is lies in D1, with what came of it.
 */
export class AdeServer extends DurableObject<Env> {
  #service: Promise<AdeService> | undefined;
  #turn: Promise<void> | undefined;
  readonly #turns = new AlarmTurns(() => this.ctx.storage, newProgress);

  /** It looks whether there is something to do: now, or when it would have. */
  async wake(now = false): Promise<void> {
    await this.#turns.wake(now);
  }

  /** The devices are followed now, for as long as the caller can wait; what is left goes on by itself. */
  async syncNow(withinMs: number): Promise<SyncAnswer> {
    const service = await this.#asked();
    const before = this.#turns.progress;
    const asked = await service.maySync(freshMs);
    if (asked !== "yes") return asked;
    if (!before.run) this.#turns.keep({ ...before, nextSyncAt: 0 });
    if (before.restUntil > Date.now()) return "refused";
    try {
      return await withDeadline(
        withinMs,
        () => this.#untilSynced(),
        () => new Late(),
      );
    } catch (fault) {
      if (fault instanceof Late) return "running";
      throw fault;
    }
  }

  async makeKeyPair(commonName?: string, validMs?: number): Promise<string | undefined> {
    return (await this.#asked()).makeKeyPair(commonName, validMs);
  }

  async uploadFile(file: Uint8Array, options: UploadOptions): Promise<UploadAnswer> {
    return this.#woken(await (await this.#asked()).uploadFile(file, options));
  }

  async uploadToken(token: AdeToken, options: UploadOptions): Promise<UploadAnswer> {
    return this.#woken(await (await this.#asked()).uploadToken(token, options));
  }

  /** Asks Apple again what it says of the server. */
  async refreshAccount(): Promise<Asked<AdeAccount>> {
    return (await this.#asked()).refreshAccount();
  }

  async define(profile: AdeProfile): Promise<Asked<string>> {
    return (await this.#asked()).define(profile);
  }

  async profileAtApple(uuid: string): Promise<Asked<DefinedProfile>> {
    return (await this.#asked()).profileAtApple(uuid);
  }

  async assign(profile: string, serials: string[]): Promise<Asked<HandOutcomes>> {
    return (await this.#asked()).assign(profile, serials);
  }

  async unassign(serials: string[]): Promise<Asked<HandOutcomes>> {
    return (await this.#asked()).unassign(serials);
  }

  async disown(serials: string[]): Promise<Asked<HandOutcomes>> {
    return (await this.#asked()).disown(serials);
  }

  async refreshDevices(serials: string[]): Promise<Asked<HandOutcomes>> {
    return (await this.#asked()).refreshDevices(serials);
  }

  async lock(lock: ActivationLock): Promise<Asked<{ response_status: ActivationLockStatus }>> {
    return (await this.#asked()).lock(lock);
  }

  async replacement(serial: string): Promise<Asked<Replacement>> {
    return (await this.#asked()).replacement(serial);
  }

  async betaTokens(): Promise<Asked<BetaEnrollmentToken[]>> {
    return (await this.#asked()).betaTokens();
  }

  async discovery(): Promise<Asked<Discovery>> {
    return (await this.#asked()).discovery();
  }

  /** null: it is removed. */
  async setDiscovery(url: string | null): Promise<Asked<true>> {
    return (await this.#asked()).setDiscovery(url);
  }

  /** A request as another tool made it, and Apple's answer as it is. */
  async send(request: AdeRequest, protocolVersion: number | undefined): Promise<Asked<AppleAnswer>> {
    return (await this.#asked()).send(request, protocolVersion);
  }

  override async alarm(): Promise<void> {
    await this.#turns.byAlarm(
      () => this.#oneTurn(),
      (fault) => logFault("ade.turn_failed", fault, { account: this.#name() }),
    );
  }

  async #woken(answer: UploadAnswer): Promise<UploadAnswer> {
    if (!answer.ok) return answer;
    await this.#turns.beginWith({ ...newProgress, reviewedVersion: this.#turns.progress.reviewedVersion });
    return answer;
  }

  async #untilSynced(): Promise<SyncAnswer> {
    for (;;) {
      await this.#oneTurn();
      const { run, nextSyncAt, restUntil } = this.#turns.progress;
      if (restUntil > Date.now()) return "refused";
      if (!run && nextSyncAt > Date.now()) return "done";
    }
  }

  /** One at a time: who comes meanwhile waits for the one that is under way. */
  #oneTurn(): Promise<void> {
    this.#turn ??= this.#takeTurn().finally(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  async #takeTurn(): Promise<void> {
    const service = await this.#asked();
    await this.#turns.take((before) => service.takeTurn(before));
  }

  #asked(): Promise<AdeService> {
    this.#service ??= service().then(({ adeService }) => adeService(this.env, this.#name()));
    return this.#service;
  }

  #name(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("an account's object is called by its name");
    return name;
  }
}

class Late extends Error {}

export const openServer = (env: Env, account: string): DurableObjectStub<AdeServer> =>
  env.ADE.getByName(account);
