// HTTP requests to a Worker of ours, with a time limit.
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { Trouble } from "./trouble.ts";

export type Answer = { status: number; body: string };

export type RequestInput = {
  method?: string;
  token?: string;
  /** The name that goes with the token where it is a password, at other tools' APIs. */
  user?: string;
  json?: unknown;
  /** The body as it is, in place of JSON. */
  text?: string;
  patienceMs?: number;
  /** For `--local-protocol https`, whose certificate nobody signed. */
  trustAnyCertificate?: boolean;
};

const patienceMs = 20_000;

export function request(url: string, input: RequestInput = {}): Promise<Answer> {
  const body = input.json === undefined ? input.text : JSON.stringify(input.json);
  const options = {
    method: input.method ?? "GET",
    headers: {
      ...(input.token ? { authorization: authorizationOf(input.token, input.user) } : {}),
      ...(body
        ? {
            "content-type": input.json === undefined ? "application/x-ndjson" : "application/json",
            "content-length": Buffer.byteLength(body),
          }
        : {}),
    },
    signal: AbortSignal.timeout(input.patienceMs ?? patienceMs),
    agent: false as const,
    rejectUnauthorized: !input.trustAnyCertificate,
  };
  const open = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = open(url, options, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const authorizationOf = (token: string, user: string | undefined): string =>
  user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;

const newAddressMs = 90_000;

/** The first of these addresses where the Worker answers; a new one takes the world a moment to learn. */
export async function firstReachable(origins: readonly string[]): Promise<string> {
  const safe = origins.filter((origin) =>
    /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${origin}/`),
  );
  const deadline = Date.now() + newAddressMs;
  do {
    for (const origin of safe) {
      const answer = await request(`${origin}/healthz`).catch(() => undefined);
      if (answer?.status === 200) return origin;
    }
    await delay(2000);
  } while (Date.now() < deadline && safe.length > 0);
  throw new Trouble(
    `the Worker is deployed but does not answer yet at ${safe.join(" or ") || "any https address"}, so its authority is not made: npm run deploy again in a few minutes finishes this`,
  );
}
