// The devices of a run and what happens to them: they enrol, they live, they settle what is left, they leave.
import {
  type AppleDevice,
  appleDevice,
  type Command,
  type FlavourName,
  newKey,
  type Policy,
  plausibleAnswer,
  type Random,
  seededRandom,
  type Transport,
  type UserChannel,
} from "../../test/support/apple-device.ts";
import type { Admin } from "./admin.ts";
import { someCommand } from "./commands.ts";
import type { Figures } from "./figures.ts";
import type { Options } from "./options.ts";
import type { AccountKind, People } from "./people.ts";
import type { Pushes } from "./pushes.ts";

/** The mix of a fleet; every eighth device is under user enrollment. */
const mix: readonly FlavourName[] = [
  "iphone",
  "mac",
  "ipad",
  "mac",
  "sharedIpad",
  "appleTv",
  "intelMac",
  "oldIphone",
];

/** What people enroll by signing in. */
const accountMix: Record<AccountKind, readonly FlavourName[]> = {
  byod: ["iphone", "ipad", "mac"],
  adde: ["mac", "iphone", "ipad", "intelMac"],
};

const poolSize = 32;
/** What is not fetched so long after the last push never comes. */
const wakingMs = 30_000;

type Member = { device: AppleDevice; random: Random };

export class Fleet {
  readonly #options: Options;
  readonly #admin: Admin;
  readonly #figures: Figures;
  readonly #stop: AbortSignal;
  readonly #members: Member[] = [];
  readonly #pushes: Pushes | undefined;
  readonly #people: People | undefined;
  /** Commands that the server said it queued and no device has answered yet, and since when. */
  readonly #open = new Map<string, number>();

  /** With `pushes` no device polls: it connects when it is woken. */
  constructor(
    options: Options,
    admin: Admin,
    figures: Figures,
    stop: AbortSignal,
    { pushes, people }: { pushes?: Pushes | undefined; people?: People | undefined } = {},
  ) {
    this.#pushes = pushes;
    this.#people = people;
    this.#options = options;
    this.#admin = admin;
    this.#figures = figures;
    this.#stop = stop;
  }

  async enrol(): Promise<void> {
    const keys = await Promise.all(
      Array.from({ length: Math.min(poolSize, this.#options.devices + 1) }, () => newKey()),
    );
    let next = 0;
    const nextKey = async () => keys[next++ % keys.length] ?? newKey();
    const indices = Array.from({ length: this.#options.devices }, (_, index) => index);
    await this.#eachOf(indices, async (index) => {
      const member = this.#newMember(index, nextKey);
      const enrolling = this.#trying("enrolling", async () => {
        await this.#enroll(member.device, index);
        this.#members.push(member);
        this.#figures.enrolled++;
        await settleIn(member.device);
      });
      this.#pushes?.register(member.device, () => this.#woken(member), enrolling);
      await enrolling;
    });
  }

  async #enroll(device: AppleDevice, index: number): Promise<void> {
    if (this.#people) return this.#people.enroll(device, `person${index}@example.com`, this.#transport);
    const { flavour } = device;
    const attests = this.#options.acme && (flavour.platform !== "macos" || flavour.appleSilicon);
    await device.enroll(await (attests ? this.#admin.enrollmentByAcme() : this.#admin.enrollment()));
  }

  /** Polls until the time is over, each device at its interval, with new commands now and then. */
  async live(until: number): Promise<void> {
    const due = this.#members.map((member, index) => ({
      member,
      at: Date.now() + (index / this.#members.length) * this.#options.intervalSeconds * 1000,
    }));
    const worker = async (): Promise<void> => {
      while (!this.#stop.aborted && Date.now() < until) {
        const turn = due.shift();
        if (!turn) return;
        if (turn.at > Date.now()) await pause(Math.min(turn.at, until) - Date.now(), this.#stop);
        if (Date.now() >= until || this.#stop.aborted) return;
        await this.#visit(turn.member);
        due.push({ ...turn, at: Date.now() + this.#options.intervalSeconds * 1000 });
      }
    };
    await Promise.all(Array.from({ length: this.#options.concurrency }, worker));
  }

  /** Unlocks everything, lets every queued command reach its device, and counts what never came. */
  async settle(): Promise<void> {
    if (this.#pushes === undefined) {
      await this.#eachOf(this.#members, async ({ device }) => {
        device.unlock();
        await this.#converse(device);
      });
    } else {
      const latest = Date.now() + wakingMs;
      while (this.#open.size > 0 && Date.now() < latest) await pause(50, this.#stop);
    }
    for (const uuid of this.#open.keys()) this.#figures.failed("commands", `never came: ${uuid}`);
    if (this.#people) await this.#eachOf(this.#members, (member) => this.#renew(member));
    if (this.#options.keep) return;
    await this.#eachOf(this.#members, async ({ device }) => {
      if (!device.isEnrolled) return;
      await this.#trying("checking out", async () => {
        const answer = await device.checkOut();
        if (answer?.status !== 200) throw new Error(`the server answered ${answer?.status}`);
      });
    });
  }

  async #renew({ device }: Member): Promise<void> {
    if (!device.isEnrolled) return;
    await this.#trying("renewing", async () => {
      const before = device.identity;
      await this.#admin.renew(device.id);
      await device.converse();
      if (device.identity === before) throw new Error("the device has the identity that it had before");
      await device.converse();
    });
  }

  /** Somebody pushed: the device looks what there is. */
  async #woken({ device }: Member): Promise<void> {
    if (device.isEnrolled && !this.#stop.aborted) await this.#converse(device);
  }

  async #visit(member: Member): Promise<void> {
    const { device, random } = member;
    if (!device.isEnrolled) return;
    const chance = (share: number): boolean => random.below(1000) < share * 1000;
    if (this.#admin.takesCommands && chance(this.#options.commandChance)) await this.#queue(member);
    if (this.#pushes !== undefined) return;
    if (chance(0.1)) device.lock();
    else if (chance(0.5)) device.unlock();
    if (chance(0.03)) {
      await this.#trying("TokenUpdate", async () => {
        expectOk(await device.tokenUpdate({ newToken: true }));
      });
    }
    await this.#converse(device);
    if (!device.isEnrolled)
      this.#figures.failed("lost", `a device is not managed any more: ${device.endedBy}`);
  }

  async #queue({ device, random }: Member): Promise<void> {
    const users = device.users.filter(({ declined }) => !declined);
    const user = users.length > 0 && random.below(3) === 0 ? random.pick(users) : undefined;
    // Known before it is asked for: a device that is pushed may be faster than the answer.
    const uuid = crypto.randomUUID().toUpperCase();
    this.#open.set(uuid, performance.now());
    let taken = false;
    await this.#trying("queueing", async () => {
      const channel = user && (device.flavour.shared ? user.shortName : user.id);
      taken = await this.#admin.queue(device.id, channel, uuid, someCommand(device, user, random));
    });
    if (taken) this.#figures.queued++;
    else this.#open.delete(uuid);
  }

  async #converse(device: AppleDevice): Promise<void> {
    await this.#trying("connecting", async () => {
      await device.converse();
      for (const user of device.users) if (!user.declined) await user.converse();
    });
  }

  #newMember(index: number, nextKey: () => ReturnType<typeof newKey>): Member {
    const random = seededRandom(`${this.#options.seed}:${index}`);
    const policy: Policy<AppleDevice | UserChannel> = (command, channel) => this.#answer(command, channel);
    const { accounts } = this.#options;
    const flavours = accounts === undefined ? mix : accountMix[accounts];
    const device = appleDevice(flavours[index % flavours.length] ?? "iphone", {
      transport: this.#transport,
      random,
      policy,
      userPolicy: policy,
      newKey: nextKey,
      pause: (ms) => pause(ms, this.#stop),
      userEnrollment: accounts === undefined ? index % 16 === 8 : accounts === "byod",
      requireHttps: this.#options.url.protocol === "https:",
      managedUser: { shortName: `user${index}`, longName: `User ${index}` },
    });
    return { device, random };
  }

  async #answer(command: Command, channel: AppleDevice | UserChannel) {
    const reaction = await plausibleAnswer(command, channel);
    const since = this.#open.get(command.uuid);
    if (reaction.status === "NotNow") this.#figures.putOff++;
    if (reaction.status === "NotNow" || since === undefined) return reaction;
    this.#open.delete(command.uuid);
    this.#figures.answered++;
    if (reaction.status !== "Acknowledged") {
      const why = reaction.status === "Error" ? reaction.chain[0]?.LocalizedDescription : reaction.status;
      this.#figures.failed("answering", `${command.requestType} could not be obeyed: ${why}`);
    }
    if (this.#pushes === undefined) return reaction;
    const afterwards = async (): Promise<void> => {
      await reaction.afterwards?.();
      this.#figures.took("pushed", performance.now() - since);
    };
    return { ...reaction, afterwards };
  }

  /** Whatever address the profile names, the server under test is the one that was given. */
  readonly #transport: Transport = async (request) => {
    const asked = new URL(request.url);
    const url = new URL(asked.pathname + asked.search, this.#options.url);
    const type = request.headers.get("content-type") ?? "";
    const body = /^(GET|HEAD)$/.test(request.method) ? undefined : await request.arrayBuffer();
    const started = performance.now();
    const response = await fetch(url, {
      method: request.method,
      headers: request.headers,
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
      ...(body === undefined ? {} : { body }),
    });
    const kind = asked.searchParams.has("operation")
      ? "SCEP"
      : asked.pathname.startsWith("/acme/")
        ? "ACME"
        : asked.pathname.startsWith("/enroll/") || asked.pathname.startsWith("/.well-known/")
          ? "account"
          : type.endsWith("-checkin")
            ? "check-in"
            : "connect";
    this.#figures.took(kind, performance.now() - started);
    return response;
  };

  async #trying(where: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (fault) {
      if (!this.#stop.aborted) this.#figures.failed(where, fault);
    }
  }

  async #eachOf<Item>(items: readonly Item[], visit: (item: Item) => Promise<void>): Promise<void> {
    const left = [...items];
    const worker = async (): Promise<void> => {
      for (let item = left.shift(); item !== undefined && !this.#stop.aborted; item = left.shift())
        await visit(item);
    };
    await Promise.all(Array.from({ length: this.#options.concurrency }, worker));
  }
}

/** What follows an enrollment on its own: a Mac escrows its bootstrap token, somebody logs in to a Shared iPad. */
async function settleIn(device: AppleDevice): Promise<void> {
  if (device.flavour.shared && device.managesUsers) {
    await device.user({ shortName: `${device.hardware.serialNumber.toLowerCase()}@example.com` }).login();
  }
  if (device.flavour.platform !== "macos") return;
  expectOk(await device.setBootstrapToken());
  const { token } = await device.getBootstrapToken();
  if (!token || Buffer.compare(token, device.bootstrapToken) !== 0) {
    throw new Error("the bootstrap token did not come back as it was stored");
  }
}

function expectOk({ status }: { status: number }): void {
  if (status !== 200) throw new Error(`the server answered ${status}`);
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", finish);
      done();
    };
    const timer = setTimeout(finish, Math.max(ms, 0));
    stop.addEventListener("abort", finish);
  });
