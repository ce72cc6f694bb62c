import { DurableObject } from "cloudflare:workers";
import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { type QueuedNews, queuedNews } from "../events/queued-news.ts";
import type { Checkin } from "../mdm/checkin.ts";
import type { ListName } from "../mdm/inventory/inventory-facts.ts";
import type { Report } from "../mdm/report.ts";
import type { PushAnswer } from "../push/answer.ts";
import { runDuty } from "./alarm/run-duty.ts";
import { answerGranted } from "./checkin/answers.ts";
import { handleCheckin } from "./checkin/handle-checkin.ts";
import { sealMessage } from "./checkin/sealed-message.ts";
import { type CommandFacts, commandFacts, type DeviceDescription, describeDevice } from "./description.ts";
import type { AssignedApp } from "./desired/apps/describe.ts";
import type {
  DeclarationsDescription,
  StatusErrorDescription,
  StatusItemsPage,
  StatusReportDescription,
  StatusReportText,
} from "./desired/declarations/describe.ts";
import { type Entitled, entitledTo } from "./desired/declarations/entitled.ts";
import type { AssignedProfiles } from "./desired/profiles/describe.ts";
import { requestReconcile } from "./desired/request-reconcile.ts";
import type { Retried, RetryRefusal, RetryWish } from "./desired/retry.ts";
import { admitRenewal, type RenewalRequest } from "./identity/admit-renewal.ts";
import type { IdentityRefusal } from "./identity/enrollment.ts";
import {
  askRenewal,
  demandSignIn,
  endEnrollment,
  endOverlap,
  revokeIdentity,
  unbindIdentity,
} from "./identity/identity-rpc.ts";
import { goesBy, loseSerial } from "./identity/serial-rpc.ts";
import { assemble, type Parts } from "./parts.ts";
import {
  type CommandHeader,
  type CommandInput,
  type CommandRefusal,
  type CommandSecret,
  cancel,
  enqueue,
  findCommand,
  listCommands,
  sealForQueue,
} from "./queue/command-rpc.ts";
import { type PushTargetRefusal, pushCertificateCame, pushTargetOf } from "./queue/push-again.ts";
import { type CommandWhole, type EscrowedValue, openEscrow, openWhole } from "./queue/read-command.ts";
import type { Reply } from "./reply.ts";
import type { Inventory, InventoryPage } from "./results/inventory-rpc.ts";
import type { RotationRefusal } from "./results/rotate-admin.ts";
import type { Asked } from "./results/rounds.ts";
import { noteSeen, type RotatedSecret, type RotateRefusal, rotateNow } from "./rotation/settle.ts";
import type { ReleaseRefusal, SetupDescription } from "./setup/describe.ts";
import { sealedStore } from "./store/sealed-values.ts";
import { announceDevice } from "./transfer/announce.ts";
import type { ImportRefusal } from "./transfer/import.ts";
import type { PortableDevice } from "./transfer/portable.ts";
import type { Resealed } from "./transfer/reseal.ts";
import { announceCommands, type BelievedWaiting, type DeviceSurvey, survey } from "./transfer/survey.ts";
import type { SignedMessage, Turn } from "./turn.ts";

// No request of a device waits for these.
const transfer = () => import("./transfer/transfer-rpc.ts");
const inventory = () => import("./results/inventory-rpc.ts");
const declarations = () => import("./desired/declarations/describe.ts");

/**
 * One enrolled device: its identities, channels, queue, results and escrow, and the outbox to the directory.
 *
 * Each method is one turn: everything that awaits (sealing, compressing) comes first, then one synchronous part that
 * reads, decides and writes, then the opening of what the answer needs.
 */
export class Device extends DurableObject<Env> {
  readonly #store: Parts["store"];
  readonly #keys: Parts["keys"];
  readonly #vault: Parts["vault"];
  readonly #alarm: Parts["alarm"];
  readonly #turns: Parts["turns"];
  readonly #work: Parts["work"];
  readonly #exchange: Parts["exchange"];
  readonly #context: Parts["context"];
  readonly #id: Parts["deviceId"];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const parts = assemble(ctx, () => this.env);
    this.#store = parts.store;
    this.#keys = parts.keys;
    this.#vault = parts.vault;
    this.#alarm = parts.alarm;
    this.#turns = parts.turns;
    this.#work = parts.work;
    this.#exchange = parts.exchange;
    this.#context = parts.context;
    this.#id = parts.deviceId;
    ctx.blockConcurrencyWhile(parts.wakeUp);
  }

  /** A check-in message. */
  async checkin(signed: SignedMessage, message: Checkin): Promise<Reply> {
    await this.#keys.sealing();
    const sealed = await sealMessage(this.#vault, message, signed);
    const reply = this.#turns.takeDeviceTurn(signed, (turn) => handleCheckin(turn, message, sealed));
    return reply.kind === "granted" ? answerGranted(this.#context(), this.#keys, signed, message) : reply;
  }

  /** A report, answered with the next command. */
  async report(signed: SignedMessage, report: Report): Promise<Reply> {
    return this.#exchange.report(signed, report);
  }

  /** Queues a command; the body is the complete property list for the device. */
  async enqueue(
    input: CommandInput,
    body: Bytes,
    secrets: readonly CommandSecret[] = [],
  ): Promise<Result<CommandHeader, CommandRefusal>> {
    const sealed = await sealForQueue(this.#vault, input.uuid, body, secrets);
    const act = (turn: Turn) => enqueue(turn, input, sealed.body, sealed.secrets);
    if (input.carries !== true) return this.#turns.takeTurn(act);
    let news: QueuedNews[] = [];
    const queued = this.#turns.takeCarriedTurn(act, (events) => {
      news = queuedNews(this.#id(), events);
    });
    return queued.ok && news.length > 0 ? ok({ ...queued.value, news }) : queued;
  }

  /** Who was to bring the news of queued commands to the directory could not: the object does. */
  async deliverSoon(): Promise<void> {
    this.#turns.takeTurn((turn) => {
      if (turn.store.exists()) turn.store.hastenOutbox(turn.plan());
    });
  }

  async cancelCommand(
    userId: string,
    uuid: string,
    force?: boolean,
  ): Promise<Result<CommandHeader, CommandRefusal>> {
    return this.#turns.takeTurn((turn) => cancel(turn, userId, uuid, force));
  }

  /** Newest first, of one channel; ids below `before`. */
  async listCommands(
    userId: string,
    limit: number,
    before?: number,
  ): Promise<Result<CommandHeader[], CommandRefusal>> {
    return this.#turns.look((turn) => listCommands(turn, userId, limit, before));
  }

  /** One command with its payload and result, unmasked: the caller masks them for its user. */
  async readCommand(userId: string, uuid: string): Promise<CommandWhole | undefined> {
    const header = this.#turns.look((turn) => findCommand(turn, userId, uuid));
    return header && openWhole(this.#store, this.#vault, header);
  }

  async describe(): Promise<DeviceDescription | undefined> {
    return this.#turns.look(describeDevice);
  }

  /** Of the description, what a command is judged by. */
  async commandFacts(): Promise<CommandFacts | undefined> {
    return this.#turns.look(commandFacts);
  }

  /**
   * Escrowed values by name, newest first, of all generations. The caller checks the right and writes the audit entry.
   * `changeAt`: when a value that somebody has read is changed on the device.
   */
  async readEscrow(name: string, by?: string, changeAt?: number): Promise<EscrowedValue[]> {
    const values = this.#store.exists() ? await openEscrow(this.#store, this.#vault, name) : [];
    if (by !== undefined && values.length > 0)
      this.#turns.takeTurn((turn) => {
        turn.tell({ name: "escrow.read", detail: { name, by } });
        if (changeAt !== undefined) noteSeen(turn, name, changeAt);
      });
    return values;
  }

  /** The last Authenticate or TokenUpdate as it came. */
  async readMessage(messageType: "Authenticate" | "TokenUpdate", userId: string): Promise<Bytes | undefined> {
    const kept = this.#store.exists() ? this.#store.message(messageType, userId) : undefined;
    return kept && this.#vault.openMessage(messageType, kept.body);
  }

  /** False when there is no enrollment to end. */
  async endEnrollment(requestedBy: string): Promise<boolean> {
    return this.#turns.takeTurn((turn) => endEnrollment(turn, requestedBy));
  }

  /** The person must sign in before the device is served again. False where nobody signed in. */
  async demandSignIn(requestedBy: string, grants?: readonly string[]): Promise<boolean> {
    return this.#turns.takeTurn((turn) => demandSignIn(turn, requestedBy, grants));
  }

  /** The certificate was revoked: this device's next request with it is refused. */
  async identityRevoked(fingerprint: string, reason: string): Promise<void> {
    this.#turns.takeTurn((turn) => revokeIdentity(turn, fingerprint, reason));
  }

  /** Whether this identity may be renewed, for that key. */
  async admitRenewal(request: RenewalRequest): Promise<Result<"granted", IdentityRefusal>> {
    return this.#turns.takeTurn((turn) => admitRenewal(turn, request));
  }

  /** Whether this device has that serial number, which another device also reports. */
  async goesBy(serial: string, other: string): Promise<boolean> {
    return this.#turns.takeTurn((turn) => goesBy(turn, serial, other));
  }

  async loseSerial(serial: string, heldBy: string): Promise<void> {
    this.#turns.takeTurn((turn) => loseSerial(turn, serial, heldBy));
  }

  /** Renews the identity at once. False if the server cannot do that. */
  async renewIdentity(): Promise<boolean> {
    const asked = this.#turns.takeTurn(askRenewal);
    if (asked) await this.#work.do("renewal", Date.now());
    if (this.#store.exists()) this.#alarm.rearm(Date.now());
    return asked;
  }

  /** A new password for the Mac's managed administrator; the answer is the command that waits for the Mac. */
  async rotateManagedAdmin(): Promise<Result<CommandHeader, RotationRefusal>> {
    const { askRotation, prepareRotation } = await import("./results/rotate-admin.ts");
    const command = await prepareRotation(this.#vault);
    return this.#turns.takeTurn((turn) => askRotation(turn, command));
  }

  /** A new value for a secret that the server can change by itself. */
  async rotateSecret(name: RotatedSecret): Promise<Result<"asked", RotateRefusal>> {
    return this.#turns.takeTurn((turn) => rotateNow(turn, name));
  }

  async unbindIdentity(fingerprint: string, by: string): Promise<boolean> {
    return this.#turns.takeTurn((turn) => unbindIdentity(turn, fingerprint, by));
  }

  async endOverlap(by: string): Promise<number> {
    return this.#turns.takeTurn((turn) => endOverlap(turn, by));
  }

  /** Asks for the inventory of one channel now. */
  async askInventory(userId: string, origin: string): Promise<Result<Asked, CommandRefusal>> {
    const { askNow } = await import("./results/rounds.ts");
    return askNow((act) => this.#turns.takeTurn(act), this.#vault, userId, origin);
  }

  /** The inventory of one channel; undefined for an unknown device. */
  async readInventory(userId: string): Promise<Inventory | undefined> {
    return this.#ask(inventory, ({ describeInventory }) =>
      describeInventory(this.#store, this.#vault, userId),
    );
  }

  async listInventory(
    userId: string,
    name: ListName,
    limit: number,
    after?: string,
  ): Promise<InventoryPage | undefined> {
    return this.#ask(inventory, ({ listInventory }) =>
      listInventory(this.#store, this.#vault, userId, name, limit, after),
    );
  }

  /** Whether the device may have that file, and for which of its declarations. */
  async entitledTo(signed: SignedMessage, sha256: string): Promise<Reply | Entitled> {
    return this.#turns.takeDeviceTurn(signed, (turn) => entitledTo(turn, sha256));
  }

  /** The state of one channel's declarations. This and the next four: undefined for an unknown device. */
  async describeDeclarations(
    userId: string,
    limit: number,
    after?: string,
  ): Promise<DeclarationsDescription | undefined> {
    return this.#ask(declarations, ({ describeDeclarations }) =>
      describeDeclarations(this.#store, userId, limit, after),
    );
  }

  async listStatusItems(userId: string, limit: number, after?: string): Promise<StatusItemsPage | undefined> {
    return this.#ask(declarations, ({ listStatusItems }) =>
      listStatusItems(this.#store, this.#vault, userId, limit, after),
    );
  }

  /** Status items that the channel could not deliver, newest first. */
  async listStatusErrors(userId: string): Promise<StatusErrorDescription[] | undefined> {
    return this.#ask(declarations, ({ listStatusErrors }) => listStatusErrors(this.#store, userId));
  }

  /** The last reports of the channel, newest first. */
  async listStatusReports(userId: string): Promise<StatusReportDescription[] | undefined> {
    return this.#ask(declarations, ({ listStatusReports }) => listStatusReports(this.#store, userId));
  }

  /** One report as it came. */
  async readStatusReport(userId: string, id: number): Promise<StatusReportText | undefined> {
    return this.#ask(declarations, ({ readStatusReport }) =>
      readStatusReport(this.#store, this.#vault, userId, id),
    );
  }

  /** Wakes one channel now, whether or not anything waits, and returns the outcome of the push. */
  async push(userId: string): Promise<Result<PushAnswer, PushTargetRefusal>> {
    const wake = pushTargetOf(this.#store.exists() ? this.#store.channel(userId) : undefined);
    return wake.ok ? ok(await this.#turns.wake(wake.value, false)) : wake;
  }

  /** What it should have may have changed: the object reconciles. Harmless to repeat. */
  async assignmentChanged(change: { quiet?: boolean }): Promise<void> {
    this.#turns.takeTurn((turn) => (turn.store.exists() ? requestReconcile(turn, change) : undefined));
  }

  /** There is a push certificate for these topics: wakes the channels that waited for one, and returns their number. */
  async certificateCame(topics: readonly string[]): Promise<number> {
    return this.#turns.takeTurn((turn) => (turn.store.exists() ? pushCertificateCame(turn, topics) : 0));
  }

  /** The state of the profiles on each channel; undefined for an unknown device. */
  async describeProfiles(): Promise<AssignedProfiles | undefined> {
    return this.#ask(
      () => import("./desired/profiles/describe.ts"),
      ({ describeProfiles }) => describeProfiles(this.#store),
    );
  }

  /** The apps that it should have by its sets; undefined for an unknown device. */
  async describeApps(): Promise<AssignedApp[] | undefined> {
    return this.#ask(
      () => import("./desired/apps/describe.ts"),
      ({ describeApps }) => describeApps(this.#store),
    );
  }

  /** What failed is tried again now: all of it, or what is named. */
  async retry(wish: RetryWish): Promise<Result<Retried[], RetryRefusal>> {
    const { retry } = await import("./desired/retry.ts");
    return this.#turns.takeTurn((turn) => retry(turn, wish));
  }

  /** The set-up of a channel that awaits configuration; undefined where there is none. */
  async describeSetup(userId: string): Promise<SetupDescription | undefined> {
    const { describeSetup } = await import("./setup/describe.ts");
    return this.#turns.look((turn) => describeSetup(turn, userId));
  }

  /** Lets a channel go that is being set up, whatever is still to be done. */
  async releaseSetup(userId: string, by: string): Promise<Result<"released", ReleaseRefusal>> {
    const { releaseNow } = await import("./setup/describe.ts");
    const released = this.#turns.takeTurn((turn) => releaseNow(turn, userId, by));
    if (released.ok && this.#store.exists()) {
      await this.#work.do("setup", Date.now());
      this.#alarm.rearm(Date.now());
    }
    return released;
  }

  /** What the repair pass compares with the directory. */
  async survey(): Promise<DeviceSurvey | undefined> {
    return this.#turns.look(survey);
  }

  /** Tells the directory everything it should know, for the repair pass. */
  async announce(): Promise<void> {
    this.#turns.takeTurn(announceDevice);
  }

  /** Tells the directory the end of those commands that no longer wait, and returns their number. */
  async announceCommands(believed: BelievedWaiting[]): Promise<number> {
    return this.#turns.takeTurn((turn) => announceCommands(turn, believed));
  }

  /** Everything that no device would send again, with every secret sealed; undefined when nothing is stored. */
  async export(): Promise<PortableDevice | undefined> {
    return this.#ask(transfer, ({ exportDevice }) =>
      exportDevice(this.ctx.storage.sql, this.#vault, this.#id()),
    );
  }

  /** Imports what another object exported; this object must be empty. */
  async import(state: PortableDevice): Promise<Result<"imported", ImportRefusal>> {
    const { importInto } = await transfer();
    const { takeTurn } = this.#context();
    return importInto(takeTurn, this.ctx.storage.sql, this.#vault, this.#id(), state);
  }

  /** Delivers the outbox to the directory now, before the planned time. Throws if that fails. */
  async deliver(): Promise<void> {
    if (!this.#store.exists()) return;
    await runDuty("outbox", this.#context(), Date.now());
    this.#alarm.rearm(Date.now());
  }

  /** Moves values under another master key to the present key, a limited part at a time. */
  async reseal(): Promise<Resealed> {
    const { resealSome, nothingSealed } = await import("./transfer/reseal.ts");
    return this.#store.exists()
      ? resealSome(sealedStore(this.ctx.storage.sql), this.#vault)
      : nothingSealed(this.#vault);
  }

  /** In this order: an empty object whose device is still listed would adopt it again. */
  async forget(): Promise<void> {
    const { keepForGood, forgetInDirectory } = await import("./transfer/forget.ts");
    const exists = this.#store.exists();
    await this.#keys.sealing();
    if (exists) await keepForGood(this.#context());
    await forgetInDirectory(this.env, this.#id());
    this.#turns.forget();
    this.#alarm.forget();
    if (exists) await this.ctx.storage.deleteAll();
    this.#store.reread();
  }

  override async alarm(): Promise<void> {
    await this.#work.takeDuties();
  }

  /** What a room says of a known device; the room is loaded for it. */
  async #ask<Room, Answer>(
    room: () => Promise<Room>,
    question: (room: Room) => Answer | Promise<Answer>,
  ): Promise<Answer | undefined> {
    return this.#store.exists() ? question(await room()) : undefined;
  }
}
