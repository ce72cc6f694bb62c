import type { Context } from "hono";
import { loadIdentitySettings } from "../../admin/identity-settings.ts";
import type { Bytes } from "../../base/bytes.ts";
import { type AnswerRefusal, answerPkiOperation } from "../../enrollment/answer-scep.ts";
import { issuingAuthority, loadAuthorities } from "../../enrollment/authority.ts";
import { capabilities } from "../../scep/capabilities.ts";
import { messageOfBody, messageOfQuery, operationOf } from "../../scep/transport.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import { isOverLimit, retryAfter } from "../rate-limit.ts";
import { deviceDoor } from "./door.ts";

/**
 * SCEP over HTTP (RFC 8894 section 4). iOS compares content types letter by letter, so none has a charset; the request's
 * own content type is ignored.
 */
const largestMessage = 128 * 1024;

export const scep = deviceDoor();

scep.use("/scep", async (c, next) => {
  if (await isOverLimit(c.env.ENROLL_LIMIT, c))
    return refusal("too many requests from this address", 429, retryAfter);
  return next();
});

scep.get("/scep", async (c) => {
  const query = new URL(c.req.url).search;
  switch (operationOf(query)) {
    case "GetCACaps":
      return answer(capabilities(c.var.configuration.scepLegacyCiphers), "text/plain");
    case "GetCACert":
      return authorityCertificate(c);
    case "PKIOperation": {
      const message = messageOfQuery(query);
      return message ? pkiOperation(c, message) : refusal("message is missing or not base64");
    }
    default:
      return refusal("operation must be GetCACaps, GetCACert or PKIOperation");
  }
});

scep.post("/scep", async (c) => {
  const query = new URL(c.req.url).search;
  if (operationOf(query) !== "PKIOperation") return refusal("only PKIOperation may be sent by POST");
  const body = await readBody(c.req.raw, largestMessage);
  if (!body.ok) return refusal(`the message has more than ${largestMessage} bytes`, 413);
  // mdmb sends the message in the query as well; the body is used.
  const message = body.value.length > 0 ? messageOfBody(body.value) : messageOfQuery(query);
  return message ? pkiOperation(c, message) : refusal("the body is empty");
});

async function authorityCertificate(c: Context<AppEnv>): Promise<Response> {
  const issuing = issuingAuthority(await loadAuthorities(c.env, Date.now()));
  return issuing
    ? answer(issuing.certificate.der, "application/x-x509-ca-cert")
    : refusedOperation({ reason: "no-authority" });
}

async function pkiOperation(c: Context<AppEnv>, message: Bytes): Promise<Response> {
  const now = Date.now();
  const context = {
    env: c.env,
    now,
    legacyCiphers: c.var.configuration.scepLegacyCiphers,
    ...(await loadIdentitySettings(c.env, now)),
  };
  const reply = await answerPkiOperation(context, message);
  return reply.ok ? answer(reply.value, "application/x-pki-message") : refusedOperation(reply.refusal);
}

function refusedOperation(refused: AnswerRefusal): Response {
  switch (refused.reason) {
    case "not-cms":
      return refusal("the message is not CMS signed data");
    case "no-authority":
      return refusal("no authority issues identities yet", 503);
  }
}

const answer = (body: Bytes | string, type: string): Response =>
  new Response(typeof body === "string" ? new TextEncoder().encode(body) : body, {
    headers: { "Content-Type": type, "Cache-Control": "no-store" },
  });

const refusal = (sentence: string, status = 400, more: Record<string, string> = {}): Response =>
  new Response(`${sentence}\n`, {
    status,
    headers: { "Content-Type": "text/plain", "Cache-Control": "no-store", ...more },
  });
