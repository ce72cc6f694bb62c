// Devices that enrolled for real, and what they will say, signed beforehand: a signature costs the one who makes it
// thirty times what it costs the one who checks it.
import type { PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import {
  type AppleDevice,
  appleDevice,
  type FlavourName,
  newKey,
  plausibleAnswer,
  seededRandom,
} from "../../test/support/apple-device.ts";
import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import type { Lane, Shot } from "./load.ts";

const topic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";
/** Macs sign without attributes and with SHA-1, all others with attributes and SHA-256. */
const mix: readonly FlavourName[] = ["iphone", "mac", "ipad", "intelMac"];
const keys = 16;
const atOnce = 8;

export class BenchDevice {
  readonly device: AppleDevice;
  #recorded: Uint8Array | undefined;
  #recording = false;

  private constructor(index: number, newDeviceKey: () => ReturnType<typeof newKey>) {
    this.device = appleDevice(mix[index % mix.length] ?? "iphone", {
      transport: (request) => this.#send(request),
      random: seededRandom(`bench:${index}`),
      newKey: newDeviceKey,
      requireHttps: false,
    });
  }

  /** `first`: the number of the first one, which no other has. */
  static async enrolled(server: BareServer, count: number, first = 0): Promise<BenchDevice[]> {
    const pool = await Promise.all(Array.from({ length: keys }, () => newKey()));
    let taken = 0;
    const next = async () => pool[taken++ % keys] ?? newKey();
    const devices = Array.from({ length: count }, (_, index) => new BenchDevice(first + index, next));
    const left = [...devices];
    const enrol = async (): Promise<void> => {
      for (let one = left.pop(); one; one = left.pop()) await one.#enrol(server);
    };
    await Promise.all(Array.from({ length: atOnce }, enrol));
    return devices;
  }

  /** A connect without anything to report, answered with the command of this UUID, or with nothing. */
  async idle(expected = ""): Promise<Shot> {
    return { bytes: await this.#record(() => this.device.idle()), expected };
  }

  /** Idle, then one answer after the other: each command is fetched by the answer to the one before. */
  async conversation(uuids: readonly string[]): Promise<Lane> {
    const lane = [await this.idle(uuids[0])];
    for (const [index, uuid] of uuids.entries()) {
      const answer = await plausibleAnswer({ uuid, requestType: "DeviceInformation", payload }, this.device);
      const bytes = await this.#record(() => this.device.report(uuid, answer, "DeviceInformation"));
      lane.push({ bytes, expected: uuids[index + 1] ?? "" });
    }
    return lane;
  }

  /** The request for a certificate, by SCEP, with a challenge that nobody has used. */
  async certificateRequest(server: BareServer): Promise<Uint8Array> {
    const { challenge, scepUrl } = await challengeOf(server);
    // What is recorded gets no certificate, which ends the device's side of it.
    return this.#record(() => this.device.requestIdentity(scepUrl, challenge).catch(() => undefined));
  }

  async #enrol(server: BareServer): Promise<void> {
    await this.device.enroll({ serverUrl: `${server.origin}/mdm`, topic, ...(await challengeOf(server)) });
  }

  async #record(speak: () => Promise<unknown>): Promise<Uint8Array> {
    this.#recording = true;
    await speak();
    this.#recording = false;
    if (!this.#recorded) throw new Error("the device has said nothing");
    return this.#recorded;
  }

  async #send(request: Request): Promise<Response> {
    if (!this.#recording || request.url.includes("operation=GetCA")) return fetch(request);
    this.#recorded = await asSent(request);
    return new Response();
  }
}

async function challengeOf(server: BareServer): Promise<{ challenge: string; scepUrl: string }> {
  const answer = await server.request("/api/v1/enrollment/challenges", { method: "POST", json: {} });
  if (answer.status !== 201) throw new Trouble(`no challenge: ${answer.status} ${answer.body}`);
  const { challenge = "", scep_url: scepUrl = "" } = JSON.parse(answer.body) as Record<string, string>;
  return { challenge, scepUrl };
}

const payload = new Map<string, PlistValue>([
  ["RequestType", "DeviceInformation"],
  ["Queries", ["DeviceName", "OSVersion", "BuildVersion", "ProductName", "SerialNumber", "BatteryLevel"]],
]);

/** The property list that an administrator posts. */
export const commandBody = (uuid: string) =>
  writePlist({ CommandUUID: uuid, Command: Object.fromEntries(payload) as never });

/** A request as it goes over the wire. */
export async function asSent(request: Request): Promise<Uint8Array> {
  const { pathname, search, host } = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const head = [
    `${request.method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...[...request.headers].map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}
