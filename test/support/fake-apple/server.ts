import { Cursors } from "./cursors.ts";
import { type FactoryDevice, makeDevice, timeText } from "./devices.ts";
import type { IssuedToken } from "./oauth.ts";

export type Operation = { op_type: "added" | "modified" | "deleted"; op_date: string; device: FactoryDevice };

/**
 * A device management server of Apple's portal: its tokens, its devices and what happened to them, its profiles. The
 * verbs are those of people in the portal, of the factory and of devices.
 */
export class AppleServer {
  readonly uuid = crypto.randomUUID().toUpperCase();
  readonly name: string;
  readonly organisation: string;
  readonly tokens: IssuedToken[] = [];
  readonly devices = new Map<string, FactoryDevice>();
  readonly log: Operation[] = [];
  readonly profiles = new Map<string, Record<string, unknown>>();
  readonly cursors = new Cursors();
  discovery: { mdm_service_discovery_url: string; last_updated_timestamp: string } | undefined;
  readonly locked = new Set<string>();
  readonly replaced = new Map<string, { original: string; date: string }>();
  readonly throttled = new Map<string, number>();
  readonly failing = new Map<string, number>();
  readonly inaccessible = new Set<string>();
  /** The person who downloaded the tokens is gone. */
  adminIsGone = false;
  readonly #now: () => number;
  #made = 0;
  #lastTime = 0;

  constructor(name: string, organisation: string, now: () => number, firstNumber: number) {
    this.name = name;
    this.organisation = organisation;
    this.#now = now;
    this.#made = firstNumber;
  }

  /** The portal's "Download Token": good for a year. */
  issueToken(): IssuedToken {
    const word = (): string => crypto.randomUUID().replaceAll("-", "");
    const consumer = this.tokens[0];
    const token = {
      consumer_key: consumer?.consumer_key ?? `CK_${word()}${word()}`,
      consumer_secret: consumer?.consumer_secret ?? `CS_${word()}`,
      access_token: `AT_${word()}${word()}`,
      access_secret: `AS_${word()}`,
      access_token_expiry: timeText(this.#now() + 365 * 24 * 60 * 60 * 1000),
    };
    this.tokens.push(token);
    return token;
  }

  /** A purchase arrives. */
  addDevices(count: number, changes: Partial<FactoryDevice> = {}): FactoryDevice[] {
    return Array.from({ length: count }, () => this.add(makeDevice(this.#made++, this.#now(), changes)));
  }

  add(device: FactoryDevice): FactoryDevice {
    this.#note("added", device);
    return device;
  }

  /** Takes a device from this server, as when somebody gives it to another one or releases it. */
  drop(serial: string, changes: Partial<FactoryDevice> = {}): FactoryDevice {
    const device = { ...this.device(serial), ...changes };
    this.#note("deleted", device);
    return device;
  }

  change(serial: string, changes: Partial<FactoryDevice>): FactoryDevice {
    const device = { ...this.device(serial), ...changes };
    this.#note("modified", device);
    return device;
  }

  /** A repair: another device in the place of this one. */
  replace(serial: string): FactoryDevice {
    this.drop(serial, { released_by_replacement: true });
    const [device] = this.addDevices(1, { is_replacement_device: true });
    if (!device) throw new Error("no device was made");
    this.replaced.set(device.serial_number, { original: serial, date: timeText(this.#now()).slice(0, 10) });
    return device;
  }

  setMigrationDeadline(serial: string, at: number): void {
    this.change(serial, { mdm_migration_deadline: timeText(at) });
  }

  assign(serial: string, profileUuid: string | undefined): void {
    this.change(serial, {
      profile_uuid: profileUuid,
      profile_status: profileUuid === undefined ? "empty" : "assigned",
      profile_assign_time: profileUuid === undefined ? undefined : timeText(this.#now()),
      profile_push_time: undefined,
    });
  }

  /** A device asks Apple at its activation: the profile that it is told, or nothing. */
  activate(serial: string): Record<string, unknown> | undefined {
    const profile = this.profiles.get(this.device(serial).profile_uuid ?? "");
    if (profile) this.change(serial, { profile_status: "pushed", profile_push_time: timeText(this.#now()) });
    return profile;
  }

  /** For so many seconds this device takes no profile. */
  throttle(serial: string, seconds: number): void {
    this.throttled.set(serial, this.#now() + seconds * 1000);
  }

  /** The next so many assignments of this device fail. */
  fail(serial: string, times: number): void {
    this.failing.set(serial, times);
  }

  notAccessible(serial: string): void {
    this.inaccessible.add(serial);
  }

  device(serial: string): FactoryDevice {
    const device = this.devices.get(serial);
    if (!device) throw new Error(`${serial} is no device of ${this.name}`);
    return device;
  }

  /** Times never run back nor stand still, so that the order of what happened can be told. */
  #note(op_type: Operation["op_type"], device: FactoryDevice): void {
    if (op_type === "deleted") this.devices.delete(device.serial_number);
    else this.devices.set(device.serial_number, device);
    this.#lastTime = Math.max(this.#now(), this.#lastTime);
    this.log.push({ op_type, op_date: timeText(this.#lastTime), device });
  }
}
