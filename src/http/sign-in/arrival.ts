import type { Context } from "hono";
import type { Person } from "../../sign-in/person.ts";
import type { AppEnv } from "../app-env.ts";

/** Somebody signed in, for a purpose: what that one is told. */
export type Arrival = {
  person: Person;
  /** What the purpose gave when the sign-in began. */
  resume: string;
  /** Of OpenID Connect. */
  idToken: string | undefined;
};

export type Arrive = (c: Context<AppEnv>, arrival: Arrival) => Response | Promise<Response>;

/** Somebody entered the code of an invitation. */
export type CodeArrival = Pick<Arrival, "resume"> & {
  code: string;
  /** The answer to a code that is not good now. */
  askAgain: () => Promise<Response>;
};

export type ArriveWithCode = (c: Context<AppEnv>, arrival: CodeArrival) => Promise<Response>;
