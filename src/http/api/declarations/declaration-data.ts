import { type Context, Hono } from "hono";
import { refusesIn } from "../../../catalog/finding.ts";
import { findDeclaration } from "../../../db/declarations.ts";
import { largestFileBytes, readAssetFile, storeAssetFile } from "../../../library/asset-files.ts";
import { variablesOfFile } from "../../../library/asset-variables.ts";
import { checkAssetData } from "../../../library/check-asset-data.ts";
import { setDeclarationData } from "../../../library/declarations.ts";
import { validateQuery } from "../commands/order-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { anyType, invalid, mediaType, query, rawBody } from "../route/validate.ts";
import {
  declarationProblem,
  findingError,
  presentDeclaration,
  presentWarnings,
  SavedDeclaration,
} from "./declaration-json.ts";

/** The files that assets refer to. */
export const declarationData = new Hono<ApiEnv>();

declarationData.put(
  "/:identifier/data",
  describeRoute(
    "Upload the data of an asset",
    { 200: SavedDeclaration },
    {
      problems: ["not-found", "conflict"],
      detail:
        "Send the bytes as they are, with their content type. Variables in JSON of up to 64 KB are filled in. Devices get the address, size and hash in `Reference`; each device fetches the data with its own identity.",
    },
  ),
  allow("operator"),
  query(validateQuery),
  rawBody(anyType, { limitBytes: largestFileBytes }),
  async (c) => {
    const { validate: mode } = c.req.valid("query");
    const identifier = c.req.param("identifier");
    const declaration = await findDeclaration(c.var.db, identifier);
    if (!declaration) return unknown(c, identifier);
    const type = mediaType(c);
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(type)) return invalid(c, [typeless]);
    const findings = mode === "off" ? [] : await checkAssetData(declaration.type, c.var.bytes, type);
    const errors = findings.filter(({ level }) => level === "error");
    if (refusesIn(mode, findings))
      return invalid(
        c,
        errors.map((finding) => findingError(finding, "")),
      );
    const now = Date.now();
    const told = { contentType: type, variables: variablesOfFile(c.var.bytes, type) };
    const file = await storeAssetFile(c.env, c.var.bytes, told, now);
    const by = c.var.caller.tokenId;
    const saved = await setDeclarationData(c.env, identifier, file.sha256, { by, mode }, now);
    if (!saved.ok) return declarationProblem(c, saved.refusal);
    const { row, outcome } = saved.value;
    const warnings = [...findings, ...presentWarnings(saved.value)];
    const rollout = saved.value.rollout ?? null;
    return c.json({ ...presentDeclaration(row, file), outcome, warnings, rollout });
  },
);

declarationData.get(
  "/:identifier/data",
  describeRoute(
    "Download the data of an asset",
    { 200: "The bytes, with the content type they were uploaded with" },
    { problems: ["not-found"], audit: "always", answerTypes: { "*/*": "The bytes" } },
  ),
  allow("admin"),
  async (c) => {
    const identifier = c.req.param("identifier");
    const row = await findDeclaration(c.var.db, identifier);
    const file = row?.dataSha256 ? await readAssetFile(c.env, row.dataSha256) : undefined;
    if (!file) return unknown(c, identifier);
    return c.body(file.body, 200, {
      "Content-Type": file.row.contentType,
      "Content-Length": String(file.row.size),
      "Content-Disposition": "attachment",
    });
  },
);

declarationData.delete(
  "/:identifier/data",
  describeRoute(
    "Remove the data of an asset: no device gets the asset until it has other data or a `Reference` of its own",
    { 204: "Taken" },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  async (c) => {
    const terms = { by: c.var.caller.tokenId, mode: "warn" as const };
    const saved = await setDeclarationData(c.env, c.req.param("identifier"), null, terms, Date.now());
    return saved.ok ? c.body(null, 204) : declarationProblem(c, saved.refusal);
  },
);

const typeless = {
  pointer: "/Content-Type",
  code: "content-type",
  detail: "send a Content-Type that says what the data is, such as application/zip",
  in: "header" as const,
};

const unknown = (c: Context, identifier: string): Response =>
  problem(c, "not-found", `no declaration ${identifier} with data is known`);
