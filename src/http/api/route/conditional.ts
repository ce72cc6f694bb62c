import type { Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { logFault } from "../../../base/log.ts";
import { endTurn, takeTurn } from "../../../db/write-turns.ts";
import { trace } from "../../trace.ts";
import type { ApiEnv } from "./api-env.ts";
import { changedSince, entityTag, type Fields, tagsIn } from "./entity-tag.ts";
import { thingAddress } from "./managed.ts";
import { operationsOf } from "./operations.ts";
import { pointerPart } from "./pointer.ts";
import { problem } from "./problem.ts";
import { type Thing, type Things, thingsOf } from "./things.ts";
import { invalid } from "./validate.ts";

/**
 * Conditional requests (RFC 9110, section 13) for every thing of the API: what is read has an entity tag, and a write may
 * say which tag it expects to find (`If-Match`), or that nothing is there yet (`If-None-Match: *`).
 *
 * The tag of now comes from the route that reads the thing, asked inside with the same caller: there is no second
 * description of it. Between the comparison and the write, no other conditional write of the thing is done.
 */
export const conditional = (api: Hono<ApiEnv>) => {
  let known: Things | undefined;
  const things = () => {
    known ??= thingsOf(operationsOf(api));
    return known;
  };
  return createMiddleware<ApiEnv>(async (c, next) => {
    const { method } = c.req;
    const pattern = patternOf(c);
    if (method === "GET" || method === "HEAD") {
      await next();
      return tagAnswer(c, things().read.get(pattern));
    }
    if (c.req.header(ifMatch) === undefined && c.req.header(ifNoneMatch) === undefined) {
      await next();
      return tagAnswer(c, things().read.get(pattern));
    }
    const thing = things().written.get(`${method} ${pattern}`);
    if (thing === undefined) return notConditional(c);
    const question = { api, thing, pattern };
    // Only after the route that reads it took the caller: nobody else has a turn, or learns what is there.
    if ((await read(c, question)) === "unknown") return next();
    return inTurn(c, question, async () => {
      const refused = await compare(c, question);
      if (refused) return refused;
      await next();
      await tagAnswer(c, things().read.get(pattern));
      return undefined;
    });
  });
};

/** What is compared: the thing, and the pattern of the write. */
type Question = { api: Hono<ApiEnv>; thing: Thing; pattern: string };

const [ifMatch, ifNoneMatch] = ["If-Match", "If-None-Match"];

const patternOf = (c: Context): string =>
  matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path ?? "";

/** Answers of a write have it too if they show the whole thing. */
async function tagAnswer(c: Context<ApiEnv>, thing: Thing | undefined): Promise<void> {
  if (thing === undefined || !c.res.ok || !c.res.headers.get("Content-Type")?.startsWith("application/json"))
    return;
  const fields = fieldsIn(await c.res.clone().json(), thing);
  if (fields !== undefined) c.res.headers.set("ETag", await entityTag(fields));
}

function fieldsIn(answer: unknown, { fields }: Thing): Fields | undefined {
  const all = answer as Fields;
  if (fields === undefined) return all;
  return fields.every((name) => Object.hasOwn(all, name))
    ? Object.fromEntries(fields.map((name) => [name, all[name]]))
    : undefined;
}

async function compare(c: Context<ApiEnv>, question: Question): Promise<Response | undefined> {
  const { thing, pattern } = question;
  const [match, noneMatch] = [c.req.header(ifMatch), c.req.header(ifNoneMatch)];
  if (noneMatch !== undefined && (noneMatch.trim() !== "*" || thing.pattern !== pattern)) return onlyStar(c);
  const wanted = match === undefined ? undefined : tagsIn(match);
  if (match !== undefined && wanted === undefined) return malformed(c);
  const there = await read(c, question);
  if (there === "unknown") return undefined;
  if (there === undefined)
    return wanted === undefined ? undefined : failed(c, "it is not there any more", []);
  const tag = await entityTag(there);
  if (noneMatch !== undefined) return failed(c, "it is there already", [], tag);
  if (wanted === undefined || wanted === "*" || wanted.includes(tag)) return undefined;
  const changed = wanted.length === 1 ? changedSince(wanted[0] ?? "", there) : [];
  const what = changed.length > 0 ? changed.join(", ") : "it";
  return failed(c, `somebody changed ${what} since you read it; read it again, then decide`, changed, tag);
}

/** Requests that this server asks itself: they leave no entry in the audit log. */
const own = new WeakSet<Request>();
export const isOwnReading = (c: Context): boolean => own.has(c.req.raw);

/** undefined: it is not there. `unknown`: who may not read it, or asks for what cannot be, is answered by the write's own route. */
async function read(
  c: Context<ApiEnv>,
  { api, thing, pattern }: Question,
): Promise<Fields | "unknown" | undefined> {
  const url = new URL(addressOf(c, thing.pattern !== pattern), c.req.url);
  const headers = new Headers(c.req.raw.headers);
  for (const name of [ifMatch, ifNoneMatch, "Content-Type", "Content-Length", "Accept"]) headers.delete(name);
  const request = new Request(url, { headers });
  own.add(request);
  const answer = await api.fetch(request, c.env, c.executionCtx);
  if (answer.ok) return fieldsIn(await answer.json(), thing) ?? "unknown";
  await answer.body?.cancel();
  return answer.status === 404 ? undefined : "unknown";
}

/** Of the request, or of what it writes a part of. */
function addressOf(c: Context, isPart: boolean): string {
  const path = thingAddress(new URL(c.req.url).pathname);
  return isPart ? path.slice(0, path.lastIndexOf("/")) : path;
}

const [patience, pauseMs, longestTurnMs] = [40, 50, 30_000];

async function inTurn(
  c: Context<ApiEnv>,
  { thing, pattern }: Question,
  work: () => Promise<Response | undefined>,
): Promise<Response | undefined> {
  const path = addressOf(c, thing.pattern !== pattern);
  const holder = trace(c).requestId;
  for (let tries = 0; ; tries++) {
    const now = Date.now();
    if (await takeTurn(c.var.db, { path, holder, takenAt: now }, now - longestTurnMs)) break;
    if (tries >= patience) return busy(c);
    await new Promise((done) => setTimeout(done, pauseMs));
  }
  const done = work().finally(() =>
    endTurn(c.var.db, path, holder).catch((fault) =>
      logFault("write-turn-not-ended", fault, { request_id: holder }),
    ),
  );
  // Also when the caller hangs up: what was begun is finished, and the turn ends.
  c.executionCtx.waitUntil(done.then(nothing, nothing));
  return done;
}

const nothing = (): undefined => undefined;

const failed = (c: Context, detail: string, changed: readonly string[], tag?: string): Response =>
  problem(c, "precondition-failed", detail, {
    errors: changed.map((name) => ({
      pointer: `/${pointerPart(name)}`,
      code: "changed",
      detail: "was changed since you read it",
    })),
    ...(tag !== undefined && { headers: { ETag: tag } }),
  });

const busy = (c: Context): Response =>
  problem(c, "conflict", "somebody else is writing this; try again in a moment", {
    headers: { "Retry-After": "1" },
  });

const headerError = (c: Context, name: string, code: string, detail: string): Response =>
  invalid(c, [{ pointer: `/${name}`, code, detail, in: "header" }]);

const notConditional = (c: Context): Response =>
  headerError(
    c,
    c.req.header(ifMatch) === undefined ? ifNoneMatch : ifMatch,
    "no-tag",
    "what this writes has no entity tag: leave the header out",
  );

const onlyStar = (c: Context): Response =>
  headerError(c, ifNoneMatch, "if-none-match", "must be *, of a thing that has an address of its own");

const malformed = (c: Context): Response =>
  headerError(c, ifMatch, "if-match", "must be the ETag of an earlier answer, in its quotation marks");
