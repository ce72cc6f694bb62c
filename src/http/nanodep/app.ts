import { compatibleApi } from "../compatible-api.ts";
import { failed } from "./answers.ts";
import { names } from "./names.ts";
import { proxy } from "./proxy.ts";
import { tokens } from "./tokens.ts";

/**
 * The API of NanoDEP, so that its scripts work on this server. A DEP name is an ADE account.
 * https://github.com/micromdm/nanodep
 *
 * Each route says what role it needs.
 * The surprise: what its scripts define at Apple through the proxy has no name here; it gets one when it becomes the
 * profile that all devices are given (`assigner`).
 */
export const nanodep = compatibleApi({ userNames: ["depserver"], roleFor: () => "viewer", failed });

nanodep.route("/v1", tokens);
nanodep.route("/v1", names);
nanodep.route("/proxy", proxy);
