import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { fromBase64, toHex } from "../../../base/bytes.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { telling } from "../route/route-line.ts";
import { anyType, invalid } from "../route/validate.ts";

/** What a request says of the bytes that it sends. */
export type Declared = { size: number; sha256: string | undefined };

/** `Content-Length`, and the SHA-256 in `Content-Digest` (RFC 9530) where there is one. */
export function declaredBody(c: Context, mostBytes: number): Result<Declared, Response> {
  const length = c.req.header("Content-Length") ?? "";
  if (!/^\d{1,15}$/.test(length) || Number(length) === 0)
    return refuse(headerError(c, "Content-Length", "must say how many bytes follow"));
  const size = Number(length);
  if (size > mostBytes)
    return refuse(
      headerError(
        c,
        "Content-Length",
        `must be ${mostBytes} at most; send larger files in parts, see /api/v1/packages/{name}/uploads`,
      ),
    );
  const sha256 = digestIn(c.req.header("Content-Digest"));
  if (sha256 === "unreadable")
    return refuse(headerError(c, "Content-Digest", "must be sha-256=:…:, the digest in base64 (RFC 9530)"));
  return ok({ size, sha256 });
}

function digestIn(header: string | undefined): string | undefined | "unreadable" {
  if (header === undefined) return undefined;
  const encoded = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(header)?.[1];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  return bytes?.length === 32 ? toHex(bytes) : "unreadable";
}

const headerError = (c: Context, name: string, detail: string): Response =>
  invalid(c, [{ pointer: `/${name}`, code: name.toLowerCase(), detail, in: "header" }]);

/** For a route line: the handler reads the body itself, as a stream. */
export const streamedBody: MiddlewareHandler<ApiEnv> = telling(
  { rawTypes: anyType, problems: ["body-too-large", "invalid-request"] },
  createMiddleware<ApiEnv>((_c, next) => next()),
);
