import { type Context, Hono } from "hono";
import { findDeclaration, listIdentifiers, listSetsWith } from "../../db/declarations.ts";
import { writeDeclaration } from "../../declarations/declaration.ts";
import type { Payload } from "../../declarations/server-filled.ts";
import { removeDeclaration, saveDeclaration, touch } from "../../library/declarations.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { type JsonRefusal, parseJson, unwritableText } from "../api/route/json.ts";
import { readBody } from "../body.ts";
import { changed, failed, isQuiet } from "./answers.ts";

const largestBody = 1024 * 1024;
const mostListed = 10_000;

export const declarations = new Hono<ApiEnv>();

declarations.get("/declarations", async (c) => c.json(await listIdentifiers(c.var.db, mostListed)));

declarations.put("/declarations", async (c) => {
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 413, `the body has more than ${largestBody} bytes`);
  const json = parseJson(body.value);
  if (!json.ok) return failed(c, 400, whyUnreadable(json.refusal));
  const unwritable = unwritableText(json.value);
  if (unwritable) return failed(c, 400, `${unwritable.pointer}: ${unwritable.detail}`);
  const { Identifier, Type, Payload } = (json.value ?? {}) as Record<string, unknown>;
  if (!isName(Identifier) || !isName(Type) || !isDictionary(Payload))
    return failed(c, 400, "a declaration must have an Identifier, a Type and a Payload");
  // A client that uploads a folder sends an activation before its configurations: references may be resolved later.
  const terms = { by: c.var.caller.tokenId, mode: "off" as const, quiet: isQuiet(c) };
  const saved = await saveDeclaration(c.env, Identifier, { type: Type, payload: Payload }, terms, Date.now());
  if (saved.ok) return changed(c, saved.value.outcome !== "unchanged");
  const { refusal } = saved;
  if (refusal.reason === "unfit")
    return failed(c, 400, refusal.findings.map(({ detail }) => detail).join("; "));
  return failed(c, refusal.reason === "busy" ? 409 : 400, refusal.detail);
});

declarations.get("/declarations/:id", async (c) => {
  const row = await findDeclaration(c.var.db, c.req.param("id"));
  if (!row) return unknown(c);
  const { identifier: Identifier, type: Type, serverToken: ServerToken, payload } = row;
  const text = writeDeclaration({ Identifier, Type, ServerToken, Payload: payload as Payload });
  return c.body(text, 200, { "Content-Type": "application/json" });
});

declarations.delete("/declarations/:id", async (c) => {
  const removed = await removeDeclaration(c.env, c.req.param("id"));
  if (removed.ok) return changed(c, true);
  if (removed.refusal.reason === "not-found") return changed(c, false);
  const { sets, referrers } = removed.refusal;
  return failed(c, 409, `in use by ${[...sets.map((name) => `set ${name}`), ...referrers].join(", ")}`);
});

declarations.post("/declarations/:id/touch", async (c) => {
  const touched = await touch(c.env, c.req.param("id"), isQuiet(c), Date.now());
  if (touched.ok) return changed(c, true);
  return touched.refusal.reason === "not-found" ? unknown(c) : failed(c, 409, touched.refusal.detail);
});

declarations.get("/declaration-sets/:id", async (c) =>
  c.json(await listSetsWith(c.var.db, c.req.param("id"), mostListed)),
);

const whyUnreadable = (refusal: JsonRefusal): string =>
  refusal.reason === "reserved-names"
    ? `names that cannot be used: ${refusal.pointers.join(", ")}`
    : refusal.detail;

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

const isDictionary = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unknown = (c: Context): Response => failed(c, 404, `declaration not found: ${c.req.param("id")}`);
