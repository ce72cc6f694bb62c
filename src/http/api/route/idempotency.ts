import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { claimRequest, type KeptAnswer } from "../../../admin/idempotency.ts";
import { logFault } from "../../../base/log.ts";
import { sealingKeys } from "../../../db/sealing-keys.ts";
import { trace } from "../../trace.ts";
import type { ApiEnv } from "./api-env.ts";
import { problem } from "./problem.ts";
import { telling } from "./route-line.ts";

const headerName = "Idempotency-Key";
export const replayedHeader = "Idempotency-Replayed";
// Headers that belong to the stored answer itself, not to the request it was sent for.
const keptHeaders = ["content-type", "location"];

/** On every POST that creates, last on the route line before the handler: a refused request claims no key. */
export const idempotent = (): MiddlewareHandler<ApiEnv> =>
  telling(
    {
      headers: [
        { name: headerName, description: "A request that is sent again with the same key is done only once" },
      ],
      problems: ["request-in-progress", "idempotency-key-reused"],
    },
    createMiddleware<ApiEnv>(async (c, next) => {
      const key = c.req.header(headerName);
      if (key === undefined) return next();
      if (!/^[\x20-\x7e]{1,255}$/.test(key)) return malformedKey(c);
      const claim = await claimRequest(
        c.var.db,
        await sealingKeys(c.env),
        {
          tokenId: c.var.caller.tokenId,
          method: c.req.method,
          path: pathAndQuery(c),
          key,
          body: c.var.bytes ?? new Uint8Array(),
        },
        Date.now(),
      );
      switch (claim.state) {
        case "answered":
          return replay(claim.answer);
        case "in-progress":
          return problem(
            c,
            "request-in-progress",
            "the first request with this key is not finished; try again",
            {
              headers: { "Retry-After": "1" },
            },
          );
        case "other-request":
          return problem(c, "idempotency-key-reused", "another body was sent with this key; take a new key");
      }
      await next();
      await settle(c, claim);
    }),
  );

async function settle(
  c: Context<ApiEnv>,
  claim: { keep: (answer: KeptAnswer) => Promise<void>; release: () => Promise<void> },
): Promise<void> {
  try {
    if (c.res.ok) await claim.keep(await keptAnswer(c.res));
    else await claim.release();
  } catch (fault) {
    // The work is already done or refused, and the caller must learn that. The claim expires by itself.
    logFault("idempotency-not-kept", fault, { request_id: trace(c).requestId });
  }
}

async function keptAnswer(answer: Response): Promise<KeptAnswer> {
  const headers = keptHeaders.flatMap((name): [string, string][] => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: answer.status, headers, body: await answer.clone().text() };
}

const replay = ({ status, headers, body }: KeptAnswer): Response =>
  new Response(body === "" ? null : body, { status, headers: [...headers, [replayedHeader, "true"]] });

const pathAndQuery = (c: Context): string => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};

const malformedKey = (c: Context): Response =>
  problem(c, "invalid-request", `${headerName} has 1 to 255 printable characters`, {
    errors: [
      {
        pointer: `/${headerName}`,
        code: "length",
        detail: "must be 1 to 255 printable characters",
        in: "header",
      },
    ],
  });
