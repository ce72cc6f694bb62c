// What the examples of all pages need: a server started as a person starts it, Apple's portal, and devices that answer.
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type AppleDevice, appleDevice, type FlavourName, pooledKey } from "../support/apple-device.ts";
import { FakeAppleService } from "../support/node/fake-apple.ts";
import { ProjectCopy } from "../support/node/project-copy.ts";
import { writeFiles } from "./files.ts";
import type { Places } from "./shell.ts";

/** Nothing of Apple's is reached: there is no such port. */
const nowhere = ["PUSH_HOST:localhost", "PUSH_PORT:9", "GDMF_URL:https://localhost:9/v2/pmv"];

/** Between two connects of a device. */
const restMs = 400;

export class Stage {
  readonly places: Places;
  readonly token: string;
  readonly #copy: ProjectCopy;
  readonly #apple: FakeAppleService;
  readonly #devices: AppleDevice[] = [];
  #life = new AbortController();
  #lives: Promise<void>[] = [];

  private constructor(copy: ProjectCopy, apple: FakeAppleService, server: string) {
    this.#copy = copy;
    this.#apple = apple;
    this.places = { folder: copy.folder, server, apple: apple.origin };
    this.token = parseEnv(readFileSync(copy.path(".dev.vars"), "utf8")).ADMIN_TOKEN ?? "";
  }

  static async open(): Promise<Stage> {
    const copy = new ProjectCopy(["test", "examples", "baselines"]);
    const apple = new FakeAppleService();
    apple.apple.addServer("edgemdm").addDevices(5);
    await apple.listen();
    const start = copy.script(["start", "--port", "0", "--acme", "--var", ...nowhere]);
    const [, server = ""] = await start.says(/edgemdm runs at (http:\/\/localhost:\d+)/);
    const stage = new Stage(copy, apple, server);
    await stage.#usePushCertificate(await writeFiles(copy.folder));
    return stage;
  }

  /** Before the first device enrolls: its topic is for life. */
  async #usePushCertificate(pem: string): Promise<void> {
    const headers = { "Content-Type": "application/x-pem-file" };
    const answer = await this.ask("/api/v1/push-certificates", { method: "POST", headers, body: pem });
    if (!answer.ok) throw new Error(`the push certificate is refused: ${await answer.text()}`);
  }

  /** The devices of a page connect no more once it is read: all of them together would keep the machine busy. */
  async rest(): Promise<void> {
    this.#life.abort();
    await Promise.all(this.#lives);
    this.#life = new AbortController();
    this.#lives = [];
  }

  async close(): Promise<void> {
    await this.rest();
    this.#apple.close();
    await this.#copy.remove();
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.token}` };
    return fetch(`${this.places.server}${path}`, { ...init, headers });
  }

  /** An enrolled device that connects again and again, as if it were pushed. */
  async device(flavour: FlavourName): Promise<AppleDevice> {
    const device = appleDevice(flavour, {
      transport: (request) => fetch(request),
      newKey: pooledKey,
      requireHttps: false,
      ...(flavour === "mac"
        ? { managedUser: { shortName: "ada", longName: "Ada Lovelace" } }
        : { ade: true }),
    });
    this.#devices.push(device);
    const serial = device.hardware.serialNumber;
    const profile = await this.ask(`/api/v1/enrollment/profile?signed=false&serial=${serial}`);
    await device.enroll({ profile: new Uint8Array(await profile.arrayBuffer()) });
    if (flavour === "mac") await device.setBootstrapToken();
    this.#lives.push(this.#live(device));
    await this.#listed(device);
    return device;
  }

  /** Lists and sets know a device a moment after it has enrolled. */
  async #listed({ id }: AppleDevice): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await this.ask(`/api/v1/devices?search=${encodeURIComponent(id)}`);
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      if (((await answer.json()) as { items: unknown[] }).items.length > 0) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${id} enrolled, and no list has it`);
  }

  async #live(device: AppleDevice): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted && device.isEnrolled) {
      for (const channel of [device, ...device.users]) await channel.converse().catch(() => undefined);
      await new Promise((done) => setTimeout(done, restMs));
    }
  }
}
