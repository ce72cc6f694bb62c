// The administrator's side of a run: it hands out what devices enrol with, and queues commands for them.
import type { PlistInput } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import { attestedIdentity } from "../../test/support/apple-device/acme.ts";
import type { EnrollmentSource } from "../../test/support/apple-device.ts";
import { Trouble } from "../trouble.ts";
import type { Figures } from "./figures.ts";

const topic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";

export class Admin {
  readonly #origin: URL;
  readonly #token: string;
  readonly #figures: Figures;
  /** Found out at the first enrollment: profiles need a push certificate, challenges do not. */
  #profiles: boolean | undefined;
  #pushes = false;
  /** Found out at the first command that was answered with 404. */
  takesCommands = true;

  constructor(origin: URL, token: string, figures: Figures) {
    this.#origin = origin;
    this.#token = token;
    this.#figures = figures;
  }

  async enrollment(): Promise<EnrollmentSource> {
    if (this.#profiles !== false) {
      const answer = await this.#request("GET", "/api/v1/enrollment/profile?signed=false");
      this.#profiles ??= answer.ok;
      if (answer.ok) return { profile: new Uint8Array(await answer.arrayBuffer()) };
      await answer.body?.cancel();
      if (this.#profiles) throw new Error(`the server answered ${answer.status} to a profile`);
    }
    const answer = await this.#request("POST", "/api/v1/enrollment/challenges", "application/json", "{}");
    if (!answer.ok)
      throw new Error(`the server answered ${answer.status} to a challenge: ${await answer.text()}`);
    const { challenge, scep_url } = (await answer.json()) as { challenge: string; scep_url: string };
    return { challenge, scepUrl: scep_url, serverUrl: new URL("/mdm", this.#origin).href, topic };
  }

  /** What a device that attests its key enrolls with. */
  async enrollmentByAcme(): Promise<EnrollmentSource> {
    const body = JSON.stringify({ attestation: "preferred" });
    const answer = await this.#request("POST", "/api/v1/enrollment/challenges", "application/json", body);
    if (!answer.ok)
      throw new Error(`the server answered ${answer.status} to a client identifier: ${await answer.text()}`);
    const minted = (await answer.json()) as { challenge: string; directory_url: string };
    const acme = {
      directoryUrl: minted.directory_url,
      clientIdentifier: minted.challenge,
      ...attestedIdentity,
    };
    return { acme, serverUrl: new URL("/mdm", this.#origin).href, topic };
  }

  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what it is
  async read(path: string): Promise<{ status: number; json: any }> {
    const answer = await this.#request("GET", path);
    return { status: answer.status, json: await answer.json() };
  }

  /** What the server answers; a refusal ends the run. */
  async change(method: string, path: string, json?: object): Promise<Record<string, unknown>> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const answer = await this.#request(method, path, json && "application/json", body);
    const text = await answer.text();
    if (!answer.ok) throw new Trouble(`the server answered ${answer.status} to ${method} ${path}: ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  /** The device is to get a new identity: it finds the profile for that among its commands. */
  async renew(deviceId: string): Promise<void> {
    await this.change("POST", `/api/v1/devices/${encodeURIComponent(deviceId)}/renew-identity`);
  }

  /** Whom the devices' topic belongs to; a server that has it already keeps it. */
  async uploadPushCertificate(pem: string): Promise<void> {
    const answer = await this.#request("POST", "/api/v1/push-certificates", "application/x-pem-file", pem);
    if (!answer.ok)
      throw new Trouble(`the server answered ${answer.status} to a push certificate: ${await answer.text()}`);
    await answer.body?.cancel();
    this.#pushes = true;
  }

  /** False when the server takes no commands at all. */
  async queue(
    deviceId: string,
    channel: string | undefined,
    uuid: string,
    command: PlistInput,
  ): Promise<boolean> {
    const query = new URLSearchParams({
      push: String(this.#pushes),
      ...(channel === undefined ? {} : { channel }),
    });
    const answer = await this.#request(
      "POST",
      `/api/v1/devices/${encodeURIComponent(deviceId)}/commands?${query}`,
      "application/xml",
      writePlist({ CommandUUID: uuid, Command: command }),
    );
    if (answer.status === 201) {
      await answer.body?.cancel();
      return true;
    }
    const said = await answer.text();
    if (answer.status === 404 && !(await this.#listsDevices())) {
      this.takesCommands = false;
      return false;
    }
    throw new Error(`the server answered ${answer.status} to a command: ${said.slice(0, 200)}`);
  }

  /** A 404 may mean this device, or that there is no such API at all. */
  async #listsDevices(): Promise<boolean> {
    const answer = await this.#request("GET", "/api/v1/devices?limit=1");
    await answer.body?.cancel();
    return answer.status !== 404;
  }

  async #request(
    method: string,
    path: string,
    type?: string,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const started = performance.now();
    const answer = await fetch(new URL(path, this.#origin), {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(type ? { "content-type": type } : {}) },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body }),
    });
    this.#figures.took("admin", performance.now() - started);
    return answer;
  }
}
