import type { Call } from "./read-message.ts";
import { codes, type McpRefusal } from "./refusal.ts";
import { earlier, isRevision, modern, type Revision, revisions } from "./revisions.ts";

/** What a server of tools answers, in the form of the revision that was asked in. Values in, values out. */
export type ServerInfo = { name: string; title: string; version: string };

export type ToolContent = { text: string; isError: boolean };

/** How long a client may keep the list of tools: it changes with a release. */
const keptMs = 300_000;

const capabilities = { tools: {} };

export function answerTo({ id, revision }: Call, result: object, info: ServerInfo): object {
  const whole =
    revision === modern
      ? { resultType: "complete", ...result, _meta: { "io.modelcontextprotocol/serverInfo": info } }
      : result;
  return { jsonrpc: "2.0", id, result: whole };
}

export const errorOf = ({ reason, message, id, data }: McpRefusal): object => ({
  jsonrpc: "2.0",
  id,
  error: { code: codes[reason].code, message, ...(data && { data }) },
});

/** `server/discover`, which the modern revision has in place of the handshake. */
export const discovery = (instructions: string): object => ({
  supportedVersions: revisions,
  capabilities,
  instructions,
  ...kept,
});

/** `initialize`: nothing of it is remembered. */
export function greeting(params: Call["params"], instructions: string, info: ServerInfo): object {
  const asked = params.protocolVersion;
  const protocolVersion: Revision = isRevision(asked) && asked !== modern ? asked : earlier[0];
  return { protocolVersion, capabilities, serverInfo: info, instructions };
}

export const toolList = (tools: readonly object[], revision: Revision): object => ({
  tools,
  ...(revision === modern && kept),
});

/** Tools are the same for everybody; who may ask at all is a matter of the token. */
const kept = { ttlMs: keptMs, cacheScope: "private" };

export const toolResult = ({ text, isError }: ToolContent): object => ({
  content: [{ type: "text", text }],
  isError,
});
