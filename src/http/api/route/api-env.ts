import type { Caller } from "../../../admin/tokens.ts";
import type { Bytes } from "../../../base/bytes.ts";
import type { Db } from "../../../db/open.ts";
import type { AppEnv } from "../../app-env.ts";

/** Changes are audited by themselves. `always` is for reading secrets, `never` for a POST that changes nothing. */
export type AuditRule = "by-method" | "always" | "never";

/** What the handlers of the API find in their context. */
export type ApiEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & {
    db: Db;
    /** Set by `allow`, so there wherever a route line names a role. */
    caller: Caller;
    /** The body as it came, where a middleware of the route line read it. */
    bytes: Bytes;
    /** Set where an answer shows a secret that others of its route do not: it leaves an audit entry. */
    audit?: AuditRule;
    /** Whom a request is about that its path does not name: the audit entry stands under it. */
    about?: string;
  };
};
