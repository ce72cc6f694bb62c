import type { Context } from "hono";
import * as v from "valibot";
import { problem } from "./problem.ts";
import { query } from "./validate.ts";

/** Of what is not easily undone: the name of the thing is repeated in `confirm`. */
export const repeatsName = query({ confirm: v.optional(v.string()) });

/** `what`: what happens then. Undefined: the name was repeated. */
export const unlessRepeated = (
  c: Context,
  { confirm }: { confirm?: string | undefined },
  name: string,
  what: string,
): Response | undefined =>
  confirm === name
    ? undefined
    : problem(c, "unconfirmed", `${what}; if it is meant so, add ?confirm=${name}`);
