import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { deleteManagedThing, putManagedThing } from "../../../db/managed-things.ts";
import type { ApiEnv } from "./api-env.ts";
import { invalid } from "./validate.ts";

/**
 * Who looks after a thing: a program that makes one says so with `Managed-By`, and finds its own again at
 * `/api/v1/managed-things`. What is made without the header belongs to nobody, also if it has the name of an earlier thing.
 */
export const managedByHeader = "Managed-By";

export const managerForm = /^[a-z0-9](?:[a-z0-9._/-]{0,98}[a-z0-9])?$/;

export const managed = createMiddleware<ApiEnv>(async (c, next) => {
  const name = c.req.header(managedByHeader);
  if (name !== undefined && !managerForm.test(name)) return badName(c);
  const work = next().then(() => note(c, name));
  // A caller that hangs up must not leave a thing without its mark.
  c.executionCtx.waitUntil(work.catch(() => undefined));
  return work;
});

async function note(c: Context<ApiEnv>, managedBy: string | undefined): Promise<void> {
  const { method } = c.req;
  const { status } = c.res;
  const isGone = method === "DELETE" && status === 204;
  const isMade = status === 201 && (method === "PUT" || (method === "POST" && managedBy !== undefined));
  if (!isGone && !isMade) return;
  const path = thingAddress(c.res.headers.get("Location") ?? new URL(c.req.url).pathname);
  if (isGone || managedBy === undefined) await deleteManagedThing(c.var.db, path);
  else await putManagedThing(c.var.db, { path, managedBy, createdAt: Date.now() });
}

/** One spelling of an address, whatever a client escapes. */
export const thingAddress = (path: string): string => path.split("/").map(respelled).join("/");

function respelled(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return segment;
  }
}

const badName = (c: Context): Response =>
  invalid(c, [
    {
      pointer: `/${managedByHeader}`,
      code: "form",
      detail: "must be lower-case letters, digits, dots, hyphens and slashes, such as files/office",
      in: "header",
    },
  ]);
