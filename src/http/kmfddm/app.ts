import { compatibleApi } from "../compatible-api.ts";
import { failed } from "./answers.ts";
import { declarations } from "./declarations.ts";
import { sets } from "./sets.ts";
import { status } from "./status.ts";

/**
 * The API of KMFDDM, so that its scripts and `syncdir.py` work on this server. https://github.com/jessepeterson/kmfddm
 *
 * The surprise: 204 and 304 say whether something changed; they have nothing to do with caches.
 */
export const kmfddm = compatibleApi({
  userNames: ["kmfddm", "nanohub"],
  roleFor: ({ method }) => (method === "GET" ? "viewer" : "operator"),
  failed,
});

kmfddm.route("/v1", declarations);
kmfddm.route("/v1", sets);
kmfddm.route("/v1", status);
