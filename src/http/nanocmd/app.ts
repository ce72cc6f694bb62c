import type { Role } from "../../admin/roles.ts";
import type { Asked } from "../basic-auth.ts";
import { compatibleApi } from "../compatible-api.ts";
import { failed } from "../nanomdm/answers.ts";
import { inventory } from "./inventory.ts";
import { profiles } from "./profiles.ts";
import { workflows } from "./workflows.ts";

/**
 * What of NanoCMD's API is a view of ours: profiles, inventory, and the workflows that are one command here. The rest
 * answers 404 with what to use instead. https://github.com/micromdm/nanocmd
 */
export const nanocmd = compatibleApi({
  userNames: ["nanocmd", "nanohub"],
  roleFor,
  failed,
});

function roleFor({ method, path }: Asked): Role {
  if (method !== "GET") return "operator";
  // The file of a profile has its secrets in it.
  return path.startsWith("/v1/profile/") ? "admin" : "viewer";
}

nanocmd.route("/", profiles);
nanocmd.route("/", inventory);
nanocmd.route("/", workflows);

const elsewhere: { [path: string]: string } = {
  "/v1/event/*":
    "events start nothing here: put profiles and declarations in a set with a filter, which holds from enrollment on; what a program must hear of comes by a webhook (POST /api/v1/webhooks)",
  "/v1/cmdplan/*":
    "there are no plans of commands here: put profiles and declarations in a set with a filter (PUT /api/v1/sets/{name})",
  "/v1/fvenable/*":
    "FileVault is switched on by a profile of the library; its key is escrowed by itself (docs/commands.md)",
};
for (const [path, detail] of Object.entries(elsewhere)) nanocmd.all(path, (c) => failed(c, 404, detail));
