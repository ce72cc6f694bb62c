import { env, exports } from "cloudflare:workers";
import type { Right, Role } from "../../src/admin/roles.ts";
import { createToken } from "../../src/admin/tokens.ts";
import { openDb } from "../../src/db/open.ts";

export const origin = "https://mdm.example.com";
export const adminToken = env.ADMIN_TOKEN;

type Asking = { token?: string | null; json?: unknown; headers?: Record<string, string>; body?: BodyInit };
// biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
type Answer = { status: number; headers: Headers; text: string; json: any };

/** One request to the Worker, as an administrator's program sends it; `token: null` sends none. */
export async function ask(method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { token = adminToken, json, headers = {}, body } = asking;
  const answer = await exports.default.fetch(origin + path, {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(json !== undefined && { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(body !== undefined && { body }),
  });
  // Not by .text(), which warns of files that are no text.
  const text = new TextDecoder().decode(await answer.arrayBuffer());
  const isJson = /[/+]json/.test(answer.headers.get("Content-Type") ?? "");
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson && text !== "" ? JSON.parse(text) : undefined,
  };
}

/** A token of that role, made without asking the API. */
export async function tokenFor(role: Role, rights: Right[] = []): Promise<string> {
  const input = { name: `a ${role}`, role, rights, expiresAt: undefined };
  return (await createToken(openDb(env.DB), input, "test", Date.now())).token;
}
