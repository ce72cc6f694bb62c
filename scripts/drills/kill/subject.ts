// One device at work and the administrator who gives it commands; both keep a record of what they were promised.
import { setTimeout as delay } from "node:timers/promises";
import { writePlist } from "../../../src/plist/write.ts";
import { type AppleDevice, appleDevice, type FlavourName } from "../../../test/support/apple-device.ts";
import type { BareServer } from "../../bare/server.ts";
import { Trouble } from "../../trouble.ts";

const topic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";
const mix: readonly FlavourName[] = ["iphone", "mac", "ipad", "appleTv"];
const requestTypes = ["DeviceInformation", "SecurityInfo", "ProfileList", "CertificateList"];
/** Devices repeat a request until it is answered; here often enough to outlive every restart. */
const patience = 400;
const betweenTriesMs = 100;
const requestMs = 10_000;

/** What the administrator knows of a command: it was answered 201, or no answer came and it was left at that. */
type Given = { uuid: string; known: "accepted" | "uncertain" };

export class Subject {
  readonly device: AppleDevice;
  readonly given: Given[] = [];
  /** In the order in which they first came. */
  readonly delivered: string[] = [];
  retried = 0;
  /** What was reported of each command and answered 200, with a mark that no other report has. */
  readonly results = new Map<string, string>();
  /** Commands that came again after their result had been answered. */
  readonly afterwards: string[] = [];
  readonly #server: BareServer;
  #working = true;

  private constructor(server: BareServer, index: number) {
    this.#server = server;
    this.device = appleDevice(mix[index % mix.length] ?? "iphone", {
      transport: (request) => fetch(request, { signal: AbortSignal.timeout(requestMs) }),
      requireHttps: false,
      attempts: patience,
      pause: () => {
        this.retried++;
        return delay(betweenTriesMs);
      },
    });
  }

  static async enrolled(server: BareServer, index: number): Promise<Subject> {
    const subject = new Subject(server, index);
    const answer = await server.request("/api/v1/enrollment/challenges", { method: "POST", json: {} });
    if (answer.status !== 201) throw new Trouble(`no challenge: ${answer.status} ${answer.body}`);
    const { challenge = "", scep_url: scepUrl = "" } = JSON.parse(answer.body) as Record<string, string>;
    await subject.device.enroll({ serverUrl: `${server.origin}/mdm`, topic, scepUrl, challenge });
    return subject;
  }

  /** Until it is told to leave off; then it fetches what is left. */
  async work(): Promise<void> {
    await Promise.all([this.#administrate(), this.#connect()]);
    await this.#converse();
  }

  leaveOff(): void {
    this.#working = false;
  }

  async #administrate(): Promise<void> {
    while (this.#working) {
      await this.#give(crypto.randomUUID().toUpperCase(), Math.random() < 0.3);
      await delay(Math.random() * 300);
    }
  }

  /** One at a time, so that the order of the answers is the order of the queue. */
  async #give(uuid: string, givesUp: boolean): Promise<void> {
    const RequestType = requestTypes[this.given.length % requestTypes.length] ?? "";
    const body = writePlist({ CommandUUID: uuid, Command: { RequestType, ...queries(RequestType) } });
    for (let attempt = 1; ; attempt++) {
      const status = await this.#server.queue(this.device.id, body).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => undefined,
      );
      // An attempt whose answer was lost may have been taken, and the device may have answered the command since.
      const wasTaken = status === 409 && attempt > 1;
      if (status === 201 || wasTaken) {
        this.given.push({ uuid, known: "accepted" });
        return;
      }
      if (status !== undefined && status < 500) throw new Trouble(`a command is answered ${status}`);
      if (givesUp || attempt === patience) {
        this.given.push({ uuid, known: "uncertain" });
        return;
      }
      await delay(betweenTriesMs);
    }
  }

  async #connect(): Promise<void> {
    while (this.#working) {
      await this.#converse();
      await delay(Math.random() * 100);
    }
  }

  async #converse(): Promise<void> {
    await this.device.converse(({ uuid }) => {
      if (this.results.has(uuid)) this.afterwards.push(uuid);
      if (!this.delivered.includes(uuid)) this.delivered.push(uuid);
      const mark = crypto.randomUUID();
      return {
        status: "Acknowledged",
        extra: { Mark: mark },
        afterwards: async () => {
          this.results.set(uuid, mark);
        },
      };
    });
  }
}

const queries = (requestType: string) =>
  requestType === "DeviceInformation" ? { Queries: ["DeviceName", "OSVersion"] } : {};
