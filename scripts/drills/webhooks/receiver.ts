// Somebody's server, of the moody kind: it fails at random, in every way that a server can. What it takes it has verified.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook as StandardWebhook } from "standardwebhooks";

export type Moods = { failing: number };

export class MoodyReceiver {
  /** Device to the ids of its events, in the order in which each was first taken. */
  readonly taken = new Map<string, number[]>();
  attempts = 0;
  failures = 0;
  repeats = 0;
  unverified = 0;
  secret = "";
  readonly #known = new Set<number>();
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  readonly #moods: Moods;

  constructor(moods: Moods) {
    this.#moods = moods;
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/in`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    this.attempts += 1;
    if (Math.random() < this.#moods.failing) return this.#fail(response);
    try {
      new StandardWebhook(this.secret).verify(body, request.headers as Record<string, string>);
    } catch {
      this.unverified += 1;
    }
    const { data } = JSON.parse(body) as { data: { id: number; device_id: string | null } };
    this.#keep(data.device_id ?? "", data.id);
    response.writeHead(204).end();
  }

  #keep(device: string, id: number): void {
    if (this.#known.has(id)) {
      this.repeats += 1;
      return;
    }
    this.#known.add(id);
    this.taken.set(device, [...(this.taken.get(device) ?? []), id]);
  }

  #fail(response: ServerResponse): void {
    this.failures += 1;
    const how = Math.floor(Math.random() * 4);
    if (how === 0) response.destroy();
    else response.writeHead([500, 503, 400][how - 1] ?? 500).end("not today");
  }
}
