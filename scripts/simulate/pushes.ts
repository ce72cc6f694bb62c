// `--apns`: a stand-in for Apple's push service in this process. What the server pushes wakes the simulated device that
// it is for, and nothing else does.
import type { AppleDevice, UserChannel } from "../../test/support/apple-device.ts";
import { FakeApns, type ReceivedPush } from "../../test/support/node/fake-apns.ts";
import { readApnsIdentity } from "../apns/identity.ts";
import { Trouble } from "../trouble.ts";
import type { Admin } from "./admin.ts";

type Sleeper = { device: AppleDevice; wake: () => Promise<void>; busy: Promise<void>; isDue: boolean };

export class Pushes {
  readonly #apns: FakeApns;
  readonly #sleepers = new Set<Sleeper>();
  received = 0;

  private constructor(apns: FakeApns) {
    this.#apns = apns;
    apns.answer = (push) => this.#take(push);
  }

  /** Listens where the server pushes to, and gives the server the push certificate that is taken here. */
  static async start(project: string, admin: Admin): Promise<Pushes> {
    const identity = readApnsIdentity(project);
    if (identity === undefined)
      throw new Trouble("no server pushes to this machine: start one with `npm start -- --apns` first");
    const { server, root, client, port } = identity;
    const apns = await FakeApns.start({ server, clientRoot: root, port });
    try {
      await admin.uploadPushCertificate(client.keyPem + client.certificatePem);
    } catch (fault) {
      await apns.stop();
      throw fault;
    }
    return new Pushes(apns);
  }

  /** From now on a push to one of its channels wakes the device; `asleep` ends when it may be woken first. */
  register(device: AppleDevice, wake: () => Promise<void>, asleep: Promise<void>): void {
    this.#sleepers.add({ device, wake, busy: asleep, isDue: false });
  }

  stop(): Promise<void> {
    return this.#apns.stop();
  }

  #take({ PushMagic, token }: ReceivedPush): { status: number; reason?: string } {
    this.received++;
    const sleeper = [...this.#sleepers].find(({ device }) =>
      [device, ...device.users].some((channel) => channel.pushMagic === PushMagic),
    );
    const channel =
      sleeper && [sleeper.device, ...sleeper.device.users].find((one) => isOf(one, PushMagic, token));
    // A token that a later TokenUpdate replaced is dead; so is that of a device that has left.
    if (sleeper === undefined || channel === undefined) return { status: 410, reason: "Unregistered" };
    this.#wake(sleeper);
    return { status: 200 };
  }

  /** A device that is already connected comes once more afterwards, whatever the number of pushes in between. */
  #wake(sleeper: Sleeper): void {
    if (sleeper.isDue) return;
    sleeper.isDue = true;
    sleeper.busy = sleeper.busy.then(async () => {
      sleeper.isDue = false;
      await sleeper.wake();
    });
  }
}

const isOf = (channel: AppleDevice | UserChannel, PushMagic: string, token: string): boolean =>
  channel.pushMagic === PushMagic && Buffer.from(channel.pushToken).toString("hex") === token;
