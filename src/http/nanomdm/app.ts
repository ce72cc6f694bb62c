import type { Role } from "../../admin/roles.ts";
import type { Asked } from "../basic-auth.ts";
import { compatibleApi } from "../compatible-api.ts";
import { failed } from "./answers.ts";
import { enqueue } from "./enqueue.ts";
import { escrowKeyUnlock } from "./escrow-key-unlock.ts";
import { migration } from "./migration.ts";
import { push } from "./push.ts";
import { pushCertificate } from "./push-certificate.ts";

/**
 * The API of NanoMDM, so that its tools and what was written for it work on this server. https://github.com/micromdm/nanomdm
 *
 * It is no second way around the rules: roles, confirmations and the audit log are those of `/api/v1`.
 * The surprise: most routes take any method, since NanoMDM's do.
 */
export const nanomdm = compatibleApi({
  userNames: ["nanomdm", "nanohub"],
  roleFor,
  failed,
  // Commands and pushes come with GET too.
  audit: (c) => (c.req.path === "/v1/pushcert" ? "by-method" : "always"),
});

function roleFor({ method, path }: Asked): Role {
  if (path === "/migration" || path === "/v1/escrowkeyunlock") return "admin";
  if (path === "/v1/pushcert") return method === "GET" ? "viewer" : "admin";
  // What exactly a command needs is decided with it, as at `/api/v1`.
  return path.startsWith("/v1/enqueue/") ? "helpdesk" : "operator";
}

nanomdm.route("/", pushCertificate);
nanomdm.route("/", push);
nanomdm.route("/", enqueue);
nanomdm.route("/", escrowKeyUnlock);
nanomdm.route("/", migration);
