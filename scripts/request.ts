// One HTTP request to a Worker of ours, with a time limit.
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";

export type Answer = { status: number; body: string };

export type RequestInput = {
  method?: string;
  token?: string;
  json?: unknown;
  /** For `--local-protocol https`, whose certificate nobody signed. */
  trustAnyCertificate?: boolean;
};

const patienceMs = 20_000;

export function request(url: string, input: RequestInput = {}): Promise<Answer> {
  const body = input.json === undefined ? undefined : JSON.stringify(input.json);
  const options = {
    method: input.method ?? "GET",
    headers: {
      ...(input.token ? { authorization: `Bearer ${input.token}` } : {}),
      ...(body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {}),
    },
    signal: AbortSignal.timeout(patienceMs),
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
