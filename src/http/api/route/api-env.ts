import type { Caller } from "../../../admin/tokens.ts";
import type { Bytes } from "../../../base/bytes.ts";
import type { Db } from "../../../db/open.ts";
import type { QueuedNews } from "../../../events/queued-news.ts";
import type { AppEnv } from "../../app-env.ts";

/** Changes are audited automatically. `always` is for reading secrets, `never` for a POST that changes nothing. */
export type AuditRule = "by-method" | "always" | "never";

/** The variables in the context of the API's handlers. */
export type ApiEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & {
    db: Db;
    /** Set by `allow`, so present wherever a route line names a role. */
    caller: Caller;
    /** The bytes of the body, if a middleware of the route line read it. */
    bytes: Bytes;
    /** Set if this answer shows a secret that other answers of the route do not: it leaves an audit entry. */
    audit?: AuditRule;
    /** The device that the request is about, if its path does not name it: the audit entry is filed under it. */
    about?: string;
    /** What the request queued. It goes to the directory in the same call as the audit entry. */
    news?: readonly QueuedNews[];
    /** What the person said this is for: the audit entry has it. */
    reason?: string;
  };
};
