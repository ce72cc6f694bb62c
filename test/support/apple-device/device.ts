/**
 * A device: it enrols, checks in, answers commands and renews its identity as Apple's systems do, over any transport.
 * Written from the protocol alone and sharing nothing with the server but the property-list reader, so that it can
 * disagree. What a real device would only do after an answer, it does: a 401 makes it drop its profile.
 */
import { type AcmeDevice, type AcmeParameters, enrolByAcme } from "./acme.ts";
import { attest } from "./attester.ts";
import type { Identity } from "./certificate.ts";
import { Channel, dataAt, type Policy } from "./channel.ts";
import * as checkin from "./checkin.ts";
import { dropDeclarations } from "./declarations.ts";
import type { Bytes } from "./der.ts";
import {
  EnrollmentFailed,
  type EnrollmentSource,
  profileFrom,
  type RenewalSource,
  scepDefaults,
} from "./enrollment.ts";
import { type Flavour, type FlavourName, flavours, type Hardware, newHardware } from "./flavours.ts";
import { type KeySource, newKey, pooledKey } from "./keys.ts";
import { type Answer, Line, type Transport } from "./line.ts";
import {
  capability,
  checkUpdate,
  type EnrollmentProfile,
  type Management,
  ProfileRefused,
  readEnrollmentProfile,
  rights,
} from "./profile.ts";
import { type Random, realRandom } from "./random.ts";
import { enrolIdentity, type ScepParameters } from "./scep.ts";
import { calm, type DeviceState, newState } from "./state.ts";
import { UserChannel, type UserInput } from "./user.ts";

export type DeviceOptions = {
  transport: Transport;
  now?: () => number;
  random?: Random;
  /** How to wait between tries; by default not at all. */
  pause?: (ms: number) => Promise<void>;
  /** Tries of one request while there is trouble. */
  attempts?: number;
  newKey?: KeySource;
  hardware?: Partial<Hardware>;
  deviceName?: string;
  /** Assigned by an organisation's account: supervised, and held in Setup Assistant until DeviceConfigured. */
  ade?: boolean;
  /** User enrollment: an EnrollmentID in place of the UDID, and no serial number. */
  userEnrollment?: boolean;
  /** The Mac user at the keyboard, managed from enrollment on. */
  managedUser?: UserInput;
  /** What a new enrollment profile makes it do: Authenticate again, or only show the new certificate from then on. */
  renewal?: "authenticate" | "in place";
  /** How it fares with Apple's attestation servers, and what else its ACME client does otherwise. */
  acme?: Partial<AcmeDevice>;
  /** Devices demand https; a server under test may have none. */
  requireHttps?: boolean;
  policy: Policy<AppleDevice>;
  userPolicy: Policy<UserChannel>;
};

export class AppleDevice extends Channel<AppleDevice> {
  readonly flavour: Flavour;
  readonly random: Random;
  readonly state: DeviceState;
  readonly users: UserChannel[] = [];
  hardware: Hardware;
  enrollmentId: string | undefined;
  pushToken: Bytes;
  pushMagic: string;
  unlockToken: Bytes;
  bootstrapToken: Bytes;
  awaitingConfiguration = false;
  /** CA certificates that came with the enrollment profile. */
  certificates: readonly Bytes[] = [];
  readonly #options: DeviceOptions;
  #scep: ScepParameters | undefined;
  #attested: { at: number; chain: readonly Uint8Array[] } | undefined;

  constructor(flavour: FlavourName, options: DeviceOptions) {
    const chosen: Flavour = flavours[flavour];
    const line = new Line({
      transport: options.transport,
      now: options.now ?? Date.now,
      pause: options.pause ?? (async () => undefined),
      style: chosen.signature,
      userAgent: chosen.userAgent,
      attempts: options.attempts ?? 3,
      readsErrorDocuments: chosen.readsErrorDocuments,
      onEnd: () => this.#forget(),
    });
    super(line, options.policy);
    this.#options = options;
    this.flavour = chosen;
    this.random = options.random ?? realRandom;
    this.hardware = { ...newHardware(chosen, this.random), ...options.hardware };
    this.state = newState(options.deviceName ?? `${chosen.modelName} ${this.hardware.serialNumber}`);
    this.pushToken = this.random.bytes(32);
    this.pushMagic = this.random.uuid();
    this.unlockToken = this.random.bytes(1200);
    this.bootstrapToken = this.random.bytes(64);
  }

  protected get echoesRequestType(): boolean {
    return this.#isMac;
  }

  protected get self(): AppleDevice {
    return this;
  }

  get ade(): boolean {
    return this.#options.ade === true;
  }

  get supervised(): boolean {
    return this.ade || (this.#isMac && !this.byUser);
  }

  /** Enrolled by a user for that user's things alone: no hardware identifiers leave it. */
  get byUser(): boolean {
    return this.#options.userEnrollment === true;
  }

  get isEnrolled(): boolean {
    return this.line.management !== undefined;
  }

  /** Why the device is not managed any more. */
  get endedBy(): string | undefined {
    return this.line.endedBy;
  }

  /** What the server calls this device. */
  get id(): string {
    return this.enrollmentId ?? this.hardware.udid;
  }

  get ids(): checkin.Ids {
    return this.enrollmentId === undefined
      ? { UDID: this.hardware.udid }
      : { EnrollmentID: this.enrollmentId };
  }

  get identity(): Identity {
    if (!this.line.identity) throw new ProfileRefused("the device has no identity: enrol it first");
    return this.line.identity;
  }

  now(): number {
    return this.line.options.now();
  }

  /** Installs an enrollment profile: identity, Authenticate, TokenUpdate, and on a Mac its user's TokenUpdate. */
  async enroll(source: EnrollmentSource): Promise<void> {
    const profile = profileFrom(source, this.#requiresHttps, this.random.uuid);
    const identity = source.identity ?? (await this.#askForIdentity(profile, source.freshKey));
    const { pushMagic, enrollmentId, awaitingConfiguration } = this;
    const { accessToken } = this.line;
    this.line.accessToken = source.accessToken;
    this.pushMagic = this.random.uuid();
    this.enrollmentId = this.byUser ? this.random.uuid() : undefined;
    this.awaitingConfiguration = this.ade;
    try {
      await this.#install(profile, identity, { unlockToken: this.#givesUnlockToken(profile.management) });
    } catch (fault) {
      Object.assign(this, { pushMagic, enrollmentId, awaitingConfiguration });
      this.line.accessToken = accessToken;
      throw fault;
    }
    this.line.endedBy = undefined;
    if (this.#isMac && !this.ade && this.managesUsers) {
      await this.user(this.#options.managedUser ?? { shortName: "jo", longName: "Jo Appleseed" }).login();
    }
  }

  get managesUsers(): boolean {
    return this.line.managed.capabilities.includes(capability.perUserConnections);
  }

  /** A new key and certificate for the same enrollment; the old identity is returned, to be tried again by tests. */
  async renewIdentity(source: RenewalSource): Promise<Identity> {
    const before = this.identity;
    const current = this.line.managed;
    const profile: EnrollmentProfile =
      "profile" in source
        ? readEnrollmentProfile(source.profile, this.#requiresHttps)
        : { management: current, scep: this.#scep, acme: undefined, certificates: this.certificates };
    checkUpdate(current, profile.management);
    if ("challenge" in source && profile.scep) {
      profile.scep = { ...profile.scep, challenge: source.challenge };
    }
    const identity =
      "identity" in source ? source.identity : await this.#askForIdentity(profile, source.freshKey);

    if (source.authenticate ?? this.#options.renewal !== "in place") {
      await this.#install(profile, identity, { unlockToken: false });
    } else {
      this.#adopt(profile, identity);
    }
    return before;
  }

  authenticate(): Promise<Answer> {
    return this.checkIn(
      checkin.authenticate({
        ids: this.ids,
        topic: this.line.managed.topic,
        osVersion: this.state.osVersion,
        flavour: this.flavour,
        hardware: this.hardware,
        deviceName: this.state.deviceName,
        accessRights: this.line.managed.accessRights,
        challenge: this.#isMac ? this.random.bytes(16) : undefined,
      }),
      { attempts: 1 },
    );
  }

  tokenUpdate(input: { unlockToken?: boolean | Bytes; newToken?: boolean } = {}): Promise<Answer> {
    if (input.newToken) this.pushToken = this.random.bytes(32);
    if (input.unlockToken instanceof Uint8Array) this.unlockToken = input.unlockToken;
    return this.checkIn(
      checkin.tokenUpdate({
        ids: this.ids,
        topic: this.line.managed.topic,
        token: this.pushToken,
        pushMagic: this.pushMagic,
        unlockToken: input.unlockToken ? this.unlockToken : undefined,
        // Macs mention it only while it is so.
        awaitingConfiguration: this.awaitingConfiguration || (this.#isMac ? undefined : false),
      }),
    );
  }

  /** One attempt, best effort; the device is not managed afterwards, whatever the answer. */
  async checkOut(): Promise<Answer | undefined> {
    const message = checkin.checkOut(this.ids, this.line.managed.topic);
    const answer = await this.checkIn(message, { attempts: 1 }).catch(() => undefined);
    if (this.line.management) this.line.end("it checked out");
    return answer;
  }

  /** The profile is removed: a last word to the server if it wanted one. */
  async removeManagement(reason: string): Promise<void> {
    if (this.line.managed.checkOutWhenRemoved) await this.checkOut();
    if (this.line.management) this.line.end(reason);
  }

  /** `null` tells the server to delete what it keeps. */
  setBootstrapToken(token: Bytes | null = this.bootstrapToken): Promise<Answer> {
    return this.checkIn(checkin.setBootstrapToken(this.ids, token ?? undefined, this.awaitingConfiguration));
  }

  async getBootstrapToken(): Promise<Answer & { token: Bytes | undefined }> {
    const answer = await this.checkIn(checkin.getBootstrapToken(this.ids, this.awaitingConfiguration));
    return { ...answer, token: dataAt(answer, "BootstrapToken") };
  }

  returnToService(): Promise<Answer> {
    return this.checkIn(checkin.returnToService(this.ids));
  }

  /** The channel of a user, who still has to log in. */
  user(input: UserInput): UserChannel {
    const known = this.users.find(({ shortName }) => shortName === input.shortName);
    if (known) return known;
    const user = new UserChannel(this, input, this.#options.userPolicy);
    this.users.push(user);
    return user;
  }

  lock(): void {
    this.state.situation.locked = true;
  }

  /** What Apple's servers attest of it: again once a week, and in between what they said before. */
  async attestProperties(nonce: Uint8Array | undefined): Promise<readonly Uint8Array[] | undefined> {
    const { acme } = this.#options;
    const canAttest = !this.#isMac || this.flavour.appleSilicon;
    if (!canAttest || acme?.canAttest === false || acme?.attestationFails) return undefined;
    const { serialNumber, provisioningUdid: udid } = this.hardware;
    const now = this.now();
    if (this.#attested === undefined || this.#attested.at + 7 * 86_400_000 <= now) {
      const { spki } = await newKey("P-256");
      const hardware = { serialNumber, udid, osVersion: this.flavour.osVersion, isMac: this.#isMac };
      const device = acme?.hardware ?? hardware;
      this.#attested = { at: now, chain: await attest({ spki, freshness: nonce, device, now }) };
    }
    return this.#attested.chain;
  }

  /** Everything it had to put off is possible again. Whether it polls by itself now: `pollsByItself`. */
  unlock(): void {
    this.state.situation = { ...calm };
  }

  /** The machine starts again: until somebody unlocks it, certificates cannot be read. */
  restart(): void {
    this.state.situation = { ...calm, locked: this.state.passcodePresent, beforeFirstUnlock: true };
  }

  /** All content is gone, and with it the enrollment. The server hears nothing of it. */
  erase(): void {
    this.state.apps.clear();
    this.state.provisioningProfiles.clear();
    if (this.line.management) this.line.end("it was erased");
  }

  /** Speaks with another's key from now on: what a thief of a private key could do. */
  stealIdentityOf(victim: AppleDevice): void {
    this.line.identity = victim.identity;
  }

  /** Says to be another machine from now on, with its own key. */
  claimToBe(victim: AppleDevice): void {
    this.hardware = { ...victim.hardware };
    this.enrollmentId = victim.enrollmentId;
  }

  async withIdentity<Result>(identity: Identity, speak: () => Promise<Result>): Promise<Result> {
    const own = this.line.identity;
    this.line.identity = identity;
    try {
      return await speak();
    } finally {
      if (this.line.management) this.line.identity = own;
    }
  }

  /** Gets an identity by SCEP and does nothing with it. */
  requestIdentity(scepUrl: string, challenge: string, freshKey = false): Promise<Identity> {
    return this.#askByScep({ ...scepDefaults, url: scepUrl, challenge }, "com.example.identity", freshKey);
  }

  get #isMac(): boolean {
    return this.flavour.platform === "macos";
  }

  get #requiresHttps(): boolean {
    return this.#options.requireHttps !== false;
  }

  #givesUnlockToken({ accessRights }: Management): boolean {
    const has = !this.#isMac && !this.flavour.shared && !this.byUser;
    return has && (accessRights & rights.lockAndPasscode) !== 0;
  }

  #askForIdentity(profile: EnrollmentProfile, freshKey: boolean | undefined): Promise<Identity> {
    if (profile.acme) return this.#askByAcme(profile.acme);
    if (!profile.scep) {
      throw new ProfileRefused(
        "the profile's identity comes another way than SCEP: give the device the identity",
      );
    }
    return this.#askByScep(profile.scep, profile.management.identityPayloadIdentifier, freshKey);
  }

  async #askByAcme(parameters: AcmeParameters): Promise<Identity> {
    const { transport, now, pause } = this.line.options;
    const { serialNumber, provisioningUdid } = this.hardware;
    const named = this.byUser ? {} : { serialNumber, udid: provisioningUdid };
    const enrolled = await enrolByAcme(parameters, {
      transport,
      now,
      pause,
      hardware: { ...named, osVersion: this.flavour.osVersion, isMac: this.#isMac },
      hasSecureEnclave: !this.#isMac || this.flavour.appleSilicon,
      ...this.#options.acme,
    });
    return enrolled.identity;
  }

  #askByScep(parameters: ScepParameters, payloadIdentifier: string, freshKey = false): Promise<Identity> {
    return enrolIdentity(parameters, {
      transport: this.line.options.transport,
      now: this.line.options.now,
      pause: this.line.options.pause,
      random: this.random,
      newKey: freshKey ? newKey : (this.#options.newKey ?? pooledKey),
      dialect: this.flavour.scep,
      payloadIdentifier,
    });
  }

  /** Both check-ins must succeed, or the device goes back to what it had. */
  async #install(
    profile: EnrollmentProfile,
    identity: Identity,
    update: { unlockToken: boolean },
  ): Promise<void> {
    const before = { management: this.line.management, identity: this.line.identity };
    Object.assign(this.line, { management: profile.management, identity });
    try {
      for (const stage of ["Authenticate", "TokenUpdate"] as const) {
        const answer = stage === "Authenticate" ? await this.authenticate() : await this.tokenUpdate(update);
        if (answer.status !== 200) throw new EnrollmentFailed(stage, answer);
      }
    } catch (fault) {
      if (this.line.management) Object.assign(this.line, before);
      throw fault;
    }
    this.#adopt(profile, identity);
  }

  #adopt(profile: EnrollmentProfile, identity: Identity): void {
    this.line.management = profile.management;
    this.line.identity = identity;
    this.certificates = profile.certificates;
    this.#scep = profile.scep;
  }

  /** With the enrollment go the managed profiles and apps, and every user's channel. */
  #forget(): void {
    for (const channel of [this, ...this.users]) dropDeclarations(channel);
    this.profiles.clear();
    this.users.length = 0;
    this.awaitingConfiguration = false;
    for (const [identifier, app] of this.state.apps) if (app.managed) this.state.apps.delete(identifier);
  }
}
