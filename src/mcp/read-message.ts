import { ok, type Result, refuse } from "../base/result.ts";
import type { McpRefusal, RequestId } from "./refusal.ts";
import { isRevision, modern, type Revision, revisions } from "./revisions.ts";

/**
 * One message of a client: JSON-RPC 2.0, and what each revision wants of its headers (Streamable HTTP). Leaves to others what
 * the methods mean.
 *
 * The surprise: headers repeat what the body says, for proxies that read no bodies. Where the two differ, the request is
 * refused, so that no proxy lets something else pass than it has read.
 */
export type Call = { id: RequestId; method: string; params: Members; revision: Revision };
export type Message = { kind: "call"; call: Call } | { kind: "notification" } | { kind: "response" };
export type Members = { readonly [name: string]: unknown };

const inMeta = "io.modelcontextprotocol/";

export function readMessage(text: string, headers: Headers): Result<Message, McpRefusal> {
  const read = parse(text);
  if (read === undefined) return refuse({ reason: "parse-error", message: "the body is not JSON", id: null });
  if (!isObject(read) || read.jsonrpc !== "2.0")
    return invalid(null, "the body must be one JSON-RPC 2.0 message; there are no batches");
  const { id, method, params = {} } = read;
  if (method === undefined && ("result" in read || "error" in read)) return ok({ kind: "response" });
  if (typeof method !== "string") return invalid(null, "method is missing");
  if (!isObject(params)) return invalid(idOf(id), "params must be an object");
  if (id === undefined) return ok({ kind: "notification" });
  const known = idOf(id);
  if (known === null) return invalid(null, "id must be a string or a whole number");
  const call = { id: known, method, params };
  const revision = revisionOf(call, headers);
  return revision.ok ? ok({ kind: "call", call: { ...call, revision: revision.value } }) : revision;
}

type Unread = Omit<Call, "revision">;

function revisionOf(call: Unread, headers: Headers): Result<Revision, McpRefusal> {
  const told = headers.get("MCP-Protocol-Version");
  const meta = isObject(call.params._meta) ? call.params._meta : {};
  const inBody = meta[`${inMeta}protocolVersion`];
  if (inBody === undefined && told !== modern) {
    if (told === null) return ok("2025-03-26"); // As the revisions with a handshake say.
    return isRevision(told) ? ok(told) : unsupported(call, told);
  }
  if (inBody === undefined) return missing(call, "protocolVersion");
  if (told !== inBody)
    return mismatch(
      call,
      `MCP-Protocol-Version must be ${String(inBody)}, as _meta says; it is ${told ?? "missing"}`,
    );
  if (inBody !== modern) return unsupported(call, inBody);
  if (!isObject(meta[`${inMeta}clientCapabilities`])) return missing(call, "clientCapabilities");
  const method = headers.get("Mcp-Method");
  if (method !== call.method)
    return mismatch(
      call,
      `Mcp-Method must be ${call.method}, as the body says; it is ${method ?? "missing"}`,
    );
  const name = nameIn(call);
  const named = decoded(headers.get("Mcp-Name"));
  if (name !== undefined && name !== named)
    return mismatch(call, `Mcp-Name must be ${name}, as the body says; it is ${named ?? "missing"}`);
  return ok(modern);
}

/** What `Mcp-Name` repeats. */
function nameIn({ method, params }: Unread): string | undefined {
  const name = method === "resources/read" ? params.uri : params.name;
  const isNamed = ["tools/call", "prompts/get", "resources/read"].includes(method);
  return isNamed && typeof name === "string" ? name : undefined;
}

/** `=?base64?…?=` holds what a header cannot. */
function decoded(header: string | null): string | undefined {
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header ?? "")?.[1];
  if (encoded === undefined) return header ?? undefined;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

const idOf = (id: unknown): RequestId | null =>
  typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id)) ? id : null;

const invalid = (id: RequestId | null, message: string) =>
  refuse<McpRefusal>({ reason: "invalid-request", message, id });
const mismatch = ({ id }: Unread, message: string) =>
  refuse<McpRefusal>({ reason: "header-mismatch", message, id });
const missing = ({ id }: Unread, name: string) =>
  refuse<McpRefusal>({ reason: "invalid-params", message: `params._meta has no ${inMeta}${name}`, id });
const unsupported = ({ id }: Unread, requested: unknown) =>
  refuse<McpRefusal>({
    reason: "unsupported-revision",
    message: `this server speaks ${revisions.join(", ")}`,
    id,
    data: { supported: revisions, requested },
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
