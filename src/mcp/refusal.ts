/** JSON-RPC 2.0 and the revision 2026-07-28: number -> HTTP status, for requests of that revision. */
export const codes = {
  "parse-error": { code: -32700, status: 400 },
  "invalid-request": { code: -32600, status: 400 },
  "method-not-found": { code: -32601, status: 404 },
  "invalid-params": { code: -32602, status: 400 },
  "header-mismatch": { code: -32020, status: 400 },
  "unsupported-revision": { code: -32022, status: 400 },
} as const;

export type RequestId = string | number;

export type McpRefusal = {
  reason: keyof typeof codes;
  message: string;
  /** null: it could not be read. */
  id: RequestId | null;
  data?: object;
};
