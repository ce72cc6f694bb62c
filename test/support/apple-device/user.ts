/** A user channel: its own queue, its own push token, the same identity certificate as the device. */
import { Channel, type Policy, stringAt } from "./channel.ts";
import * as checkin from "./checkin.ts";
import type { Bytes } from "./der.ts";
import type { AppleDevice } from "./device.ts";
import { type Answer, NotManaged, type SendOptions } from "./line.ts";
import type { Entries } from "./plist.ts";

/** The one UserID of every Shared iPad user. */
export const sharedUserId = "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF";

export type UserInput = {
  shortName: string;
  longName?: string;
  /** GeneratedUID on a Mac, EnrollmentUserID in user enrollment; made up when not given. */
  id?: string;
  /** A network or mobile account: it starts with UserAuthenticate. */
  directory?: boolean;
};

export class UserChannel extends Channel<UserChannel> {
  readonly shortName: string;
  readonly longName: string;
  readonly id: string;
  readonly directory: boolean;
  pushToken: Bytes;
  readonly pushMagic: string;
  awaitingConfiguration = false;
  /** The server does not want this user, until the next login. */
  declined = false;
  authToken: string | undefined;

  readonly device: AppleDevice;

  constructor(device: AppleDevice, input: UserInput, policy: Policy<UserChannel>) {
    super(device.line, policy);
    this.device = device;
    this.shortName = input.shortName;
    this.longName = input.longName ?? input.shortName;
    this.id = device.flavour.shared ? sharedUserId : (input.id ?? device.random.uuid());
    this.directory = input.directory ?? false;
    this.pushToken = device.random.bytes(32);
    this.pushMagic = device.random.uuid();
  }

  protected get echoesRequestType(): boolean {
    return this.device.flavour.platform === "macos";
  }

  protected get self(): UserChannel {
    return this;
  }

  get ids(): checkin.Ids {
    const authToken: Record<string, string> = this.authToken ? { AuthToken: this.authToken } : {};
    const whose = { ...this.device.ids, ...authToken };
    if (this.device.byUser) return { ...whose, EnrollmentUserID: this.id };
    const user = { ...whose, UserID: this.id, UserShortName: this.shortName };
    return this.device.flavour.platform === "macos" ? { ...user, UserLongName: this.longName } : user;
  }

  /** A login: a directory user asks first, every user then brings a push token. A 410 ends it there. */
  async login(): Promise<Answer> {
    this.declined = false;
    this.authToken = undefined;
    if (this.directory) {
      const answer = await this.userAuthenticate();
      if (answer.status !== 200 || answer.digestChallenge) return answer;
    }
    return this.tokenUpdate();
  }

  async tokenUpdate(input: { newToken?: boolean; notOnConsole?: boolean } = {}): Promise<Answer> {
    if (input.newToken) this.pushToken = this.device.random.bytes(32);
    const mac = this.device.flavour.platform === "macos";
    const answer = await this.checkIn(
      checkin.tokenUpdate({
        ids: this.ids,
        topic: this.line.managed.topic,
        token: this.pushToken,
        pushMagic: this.pushMagic,
        notOnConsole: mac ? (input.notOnConsole ?? false) : undefined,
        awaitingConfiguration: this.device.flavour.shared ? this.awaitingConfiguration : undefined,
      }),
    );
    if (answer.status === 410) this.declined = true;
    return answer;
  }

  /** The first request without a response, the second with it. The token of the second goes into all later messages. */
  async userAuthenticate(
    digestResponse?: string,
  ): Promise<Answer & { digestChallenge: string | undefined; authToken: string | undefined }> {
    const answer = await this.checkIn(checkin.userAuthenticate(this.ids, digestResponse));
    if (answer.status === 410) this.declined = true;
    const authToken = stringAt(answer, "AuthToken");
    if (authToken) this.authToken = authToken;
    return { ...answer, digestChallenge: stringAt(answer, "DigestChallenge"), authToken };
  }

  override checkIn(message: Entries, options: SendOptions = {}): Promise<Answer> {
    this.#mustBeWanted();
    return super.checkIn(message, options);
  }

  protected override sendConnect(body: Bytes, options: SendOptions): Promise<Answer> {
    this.#mustBeWanted();
    return super.sendConnect(body, options);
  }

  #mustBeWanted(): void {
    if (this.declined) throw new NotManaged(`the server declined ${this.shortName} for this login session`);
  }
}
