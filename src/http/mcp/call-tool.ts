import type { Context } from "hono";
import type { ToolContent } from "../../mcp/answers.ts";
import type { Members } from "../../mcp/read-message.ts";
import { api } from "../api/app.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { onBehalf } from "../api/route/auth.ts";
import { trace } from "../trace.ts";
import type { Offer } from "./tools.ts";

/** About what an assistant reads at once. */
const longestAnswer = 60_000;
const longestArgument = 2_000;

/**
 * Asks the route itself, so that its checks are all there is. The request is a viewer's, whatever the token may do
 * elsewhere: an answer that tells an administrator more tells an assistant no more.
 */
export async function callTool(c: Context<ApiEnv>, offer: Offer, given: Members): Promise<ToolContent> {
  const fault = faultOf(offer, given);
  if (fault !== undefined) return { text: fault, isError: true };
  const answer = await ask(c, offer, given);
  if (answer.isError || answer.text.length <= longestAnswer) return answer;
  const fitting = fittingLimit(offer, answer.text);
  const shorter = fitting === undefined ? answer : await ask(c, offer, { ...given, limit: fitting });
  if (shorter.text.length <= longestAnswer) return shorter;
  const text = `the answer has ${shorter.text.length} characters, more than ${longestAnswer}: ask for less${offer.isList ? ", such as with a smaller limit or a filter" : ""}`;
  return { text, isError: true };
}

/** What no address can be made of; the route says what else is wrong. */
function faultOf({ tool, parameters }: Offer, given: Members): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const parameter = parameters.find((known) => known.name === name);
    if (parameter === undefined)
      return `${tool.name} has no argument ${name}; it has ${parameters.map((known) => known.name).join(", ") || "none"}`;
    if (!["string", "number", "boolean"].includes(typeof value) || String(value).length > longestArgument)
      return `${name} must be a text, a number or true or false, of at most ${longestArgument} characters`;
    // These two would lead to another address, also percent-encoded.
    if (parameter.in === "path" && ["", ".", ".."].includes(String(value)))
      return `${name} cannot be ${JSON.stringify(value)}`;
    // Stricter than the route's own: a page for an assistant is short.
    const { maximum } = parameter.schema;
    if (typeof maximum === "number" && Number(value) > maximum) return `${name} is at most ${maximum}`;
  }
  const missing = parameters.find(({ name, required }) => required && given[name] === undefined);
  return missing && `${tool.name} needs ${missing.name}`;
}

async function ask(c: Context<ApiEnv>, offer: Offer, given: Members): Promise<ToolContent> {
  const headers = { Accept: "application/json" };
  const request = new Request(addressOf(new URL(c.req.url).origin, offer, given), { headers });
  const { tokenId, name, by, expiresAt } = c.var.caller;
  onBehalf({ tokenId, name, by, expiresAt, role: "viewer", rights: [] }, request);
  const answer = await api.fetch(request, c.env, c.executionCtx);
  const text = await answer.text();
  if (answer.ok) return { text, isError: false };
  return { text: refusalText(text, answer.status, trace(c).requestId), isError: true };
}

function addressOf(origin: string, { path, parameters }: Offer, given: Members): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])));
  const url = new URL(filled, origin);
  for (const { name, in: place, schema } of parameters) {
    const value = given[name] ?? (name === "limit" ? schema.default : undefined);
    if (place === "query" && value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** As many items as should fit, if each is as long as those that did not. */
function fittingLimit({ isList, parameters }: Offer, text: string): number | undefined {
  if (!isList || !parameters.some(({ name }) => name === "limit")) return undefined;
  const { items } = JSON.parse(text) as { items: unknown[] };
  return Math.max(1, Math.floor((items.length * longestAnswer * 0.8) / text.length));
}

/** What an assistant can act on: the problem's own words. */
function refusalText(text: string, status: number, requestId: string): string {
  const { detail, errors = [] } = JSON.parse(text) as {
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const lines = errors.map(({ pointer, detail: why }) => `${pointer}: ${why}`);
  return [...new Set([detail ?? `status ${status}, request ${requestId}`, ...lines])].join("\n");
}
