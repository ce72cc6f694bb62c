import { type Context, Hono } from "hono";
import * as v from "valibot";
import { findPackage, listPackages } from "../../../db/packages.ts";
import { largestBody } from "../../../packages/chunks.ts";
import { deletePackage } from "../../../packages/remove.ts";
import { takeFile } from "../../../packages/take-file.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { params, query } from "../route/validate.ts";
import { declaredBody, streamedBody } from "./file-body.ts";
import { PackageJson, packageName, presentPackage, SavedPackage } from "./package-json.ts";
import { packageProblem } from "./package-problem.ts";

/** Files of apps that this server hosts. */
export const packages = new Hono<ApiEnv>();

packages.get(
  "/",
  describeRoute("List the packages by name", { 200: pageOf(PackageJson) }),
  allow("viewer"),
  query(listQuery(PackageJson, v.tuple([v.string()]))),
  async (c) =>
    listed(c, c.req.valid("query"), {
      read: (limit, after) => listPackages(c.var.db, limit, after?.[0]),
      present: presentPackage,
      keyOf: ({ row }) => [row.name],
    }),
);

packages.get(
  "/:name",
  describeRoute("Read one package", { 200: PackageJson }, { problems: ["not-found"] }),
  allow("viewer"),
  params({ name: packageName }),
  async (c) => {
    const { name } = c.req.valid("param");
    const found = await findPackage(c.var.db, name);
    return found ? c.json(presentPackage(found)) : unknown(c, name);
  },
);

packages.put(
  "/:name",
  describeRoute(
    "Upload a .pkg or an .ipa of up to 100 MB",
    { 200: SavedPackage, 201: SavedPackage },
    {
      problems: ["no-bucket"],
      detail:
        "The body is the file. It is checked before any device is sent to it; a refused file leaves the package as it was. With `Content-Digest: sha-256=:…:` the file is compared. Larger files, and files over a bad line, go in parts: `POST /api/v1/packages/{name}/uploads`.",
    },
  ),
  allow("admin"),
  params({ name: packageName }),
  streamedBody,
  async (c) => {
    const { name } = c.req.valid("param");
    const declared = declaredBody(c, largestBody);
    if (!declared.ok) return declared.refusal;
    const { size, sha256 = null } = declared.value;
    const order = { packageName: name, size, sha256, by: c.var.caller.tokenId };
    const taken = await takeFile(c.env, order, c.req.raw.body, Date.now());
    if (!taken.ok) return packageProblem(c, taken.refusal);
    const { package: saved, outcome } = taken.value;
    return c.json({ ...presentPackage(saved), outcome }, outcome === "created" ? 201 : 200, {
      Location: `/api/v1/packages/${name}`,
    });
  },
);

packages.delete(
  "/:name",
  describeRoute(
    "Delete a package and its file",
    { 204: "Deleted" },
    {
      problems: ["not-found", "conflict"],
      detail:
        "A package that an app uses is deleted only with confirm. What devices have installed stays there; links to the file end at once.",
    },
  ),
  allow("admin"),
  params({ name: packageName }),
  query({
    confirm: v.optional(v.pipe(v.boolean(), v.description("true: also a package that an app uses")), false),
  }),
  async (c) => {
    const { name } = c.req.valid("param");
    const deleted = await deletePackage(c.env, name, c.req.valid("query"), Date.now());
    if (deleted.ok) return c.body(null, 204);
    if (deleted.refusal.reason === "unknown") return unknown(c, name);
    const apps = deleted.refusal.apps.join(", ");
    return problem(
      c,
      "conflict",
      `${apps} would have nothing to install; give them another source first, or repeat with ?confirm=true`,
    );
  },
);

export const unknown = (c: Context, name: string): Response =>
  problem(c, "not-found", `no package is called ${name}`);
