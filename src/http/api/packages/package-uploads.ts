import { Hono } from "hono";
import * as v from "valibot";
import { findUpload, listParts, listUploads, type PackagePartRow } from "../../../db/package-uploads.ts";
import { chunkBytes, largestFile } from "../../../packages/chunks.ts";
import { completedBefore, completeUpload } from "../../../packages/complete.ts";
import { beginUpload, findRunningUpload, giveUpUpload, takePart } from "../../../packages/uploads.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, params, query } from "../route/validate.ts";
import { declaredBody, streamedBody } from "./file-body.ts";
import {
  NewUpload,
  PartJson,
  packageName,
  presentPackage,
  presentUpload,
  SavedPackage,
  UploadJson,
} from "./package-json.ts";
import { packageProblem } from "./package-problem.ts";

/** Uploads in parts, which may be interrupted and continued. */
export const packageUploads = new Hono<ApiEnv>();

const ofPart = params({
  name: packageName,
  id: v.pipe(v.string(), v.maxLength(100)),
  part: v.pipe(v.string(), v.maxLength(100)),
});
const ofUpload = params({ name: packageName, id: v.pipe(v.string(), v.maxLength(100)) });

packageUploads.get(
  "/:name/uploads",
  describeRoute("List the uploads of a package that are under way, newest first", {
    200: pageOf(UploadJson),
  }),
  allow("viewer"),
  params({ name: packageName }),
  query(listQuery(UploadJson, v.tuple([v.number(), v.string()]))),
  async (c) =>
    listed(c, c.req.valid("query"), {
      read: (limit, after) => listUploads(c.var.db, c.req.valid("param").name, limit, after),
      present: presentUpload,
      keyOf: ({ startedAt, id }) => [startedAt, id],
    }),
);

packageUploads.post(
  "/:name/uploads",
  describeRoute(
    "Begin an upload in parts",
    { 201: UploadJson },
    {
      problems: ["no-bucket", "conflict"],
      detail:
        "Send each part with `PUT …/uploads/{id}/parts/{part}`, in any order and some at a time, then complete the upload. The package keeps its present file until then.",
    },
  ),
  allow("admin"),
  params({ name: packageName }),
  body(NewUpload),
  idempotent(),
  async (c) => {
    const { name } = c.req.valid("param");
    const { kind, size, sha256 } = c.req.valid("json");
    if (size > largestFile)
      return invalid(c, [
        { pointer: "/size", code: "max-value", detail: `must be ${largestFile} bytes at most` },
      ]);
    const order = { packageName: name, kind, size, sha256, by: c.var.caller.tokenId };
    const begun = await beginUpload(c.env, order, Date.now());
    if (!begun.ok) return packageProblem(c, begun.refusal);
    return c.json(presentUpload(begun.value), 201, {
      Location: `/api/v1/packages/${name}/uploads/${begun.value.id}`,
    });
  },
);

packageUploads.get(
  "/:name/uploads/:id",
  describeRoute("Read one upload", { 200: UploadJson }, { problems: ["not-found"] }),
  allow("viewer"),
  ofUpload,
  async (c) => {
    const { name, id } = c.req.valid("param");
    const upload = await findRunningUpload(c.env, name, id, Date.now());
    return upload ? c.json(presentUpload(upload)) : packageProblem(c, noSuchUpload);
  },
);

packageUploads.delete(
  "/:name/uploads/:id",
  describeRoute("Give an upload up", { 204: "Given up" }, { problems: ["not-found"] }),
  allow("admin"),
  ofUpload,
  async (c) => {
    const { name, id } = c.req.valid("param");
    const upload = await findUpload(c.var.db, id);
    if (upload?.packageName !== name) return packageProblem(c, noSuchUpload);
    await giveUpUpload(c.env, upload);
    return c.body(null, 204);
  },
);

packageUploads.get(
  "/:name/uploads/:id/parts",
  describeRoute("List the parts that have arrived", { 200: pageOf(PartJson) }, { problems: ["not-found"] }),
  allow("viewer"),
  ofUpload,
  query(listQuery(PartJson, v.tuple([v.number()]))),
  async (c) => {
    const { name, id } = c.req.valid("param");
    if (!(await findRunningUpload(c.env, name, id, Date.now()))) return packageProblem(c, noSuchUpload);
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listParts(c.var.db, id, { limit, after: after?.[0] }),
      present: presentPart,
      keyOf: ({ part }) => [part],
    });
  },
);

packageUploads.get(
  "/:name/uploads/:id/parts/:part",
  describeRoute("Read the hashes of one part", { 200: PartJson }, { problems: ["not-found"] }),
  allow("viewer"),
  ofPart,
  async (c) => {
    const { name, id, part } = c.req.valid("param");
    const upload = await findRunningUpload(c.env, name, id, Date.now());
    const [row] = upload ? await listParts(c.var.db, id, { limit: 1, after: Number(part) - 1 }) : [];
    if (row?.part !== Number(part)) return problem(c, "not-found", `part ${part} has not arrived`);
    return c.json(presentPart(row));
  },
);

packageUploads.put(
  "/:name/uploads/:id/parts/:part",
  describeRoute(
    "Send one part of an upload",
    { 200: PartJson },
    {
      problems: ["not-found", "no-bucket"],
      audit: "never",
      detail:
        "The body is as long as `part_bytes`, the last part as long as what is left. With `Content-Digest: sha-256=:…:` it is compared. A part that is sent again replaces the earlier one.",
    },
  ),
  allow("admin"),
  ofPart,
  streamedBody,
  async (c) => {
    const { name, id, part } = c.req.valid("param");
    const now = Date.now();
    const declared = declaredBody(c, chunkBytes);
    if (!declared.ok) return declared.refusal;
    const upload = await findRunningUpload(c.env, name, id, now);
    if (!upload) return packageProblem(c, noSuchUpload);
    // HTTP holds the sender to the length that it declared.
    const bytes = new Uint8Array(await c.req.raw.arrayBuffer());
    const digest = declared.value.sha256;
    const taken = await takePart(c.env, upload, { part: Number(part), bytes, digest }, now);
    return taken.ok ? c.json(taken.value) : packageProblem(c, taken.refusal);
  },
);

packageUploads.post(
  "/:name/uploads/:id/complete",
  describeRoute(
    "Complete an upload: the file is checked, and becomes the package's",
    { 200: SavedPackage },
    {
      problems: ["not-found", "conflict", "invalid-request", "no-bucket"],
      detail:
        "May be repeated: an upload that was completed before answers with its package. A file that is refused ends the upload, and the package keeps its present file.",
    },
  ),
  allow("admin"),
  ofUpload,
  async (c) => {
    const { name, id } = c.req.valid("param");
    const now = Date.now();
    const upload = await findRunningUpload(c.env, name, id, now);
    if (!upload) {
      const before = await completedBefore(c.var.db, name, id);
      return before
        ? c.json({ ...presentPackage(before), outcome: "unchanged" })
        : packageProblem(c, noSuchUpload);
    }
    const done = await completeUpload(c.env, upload, c.var.caller.tokenId, now);
    if (!done.ok) return packageProblem(c, done.refusal);
    return c.json({ ...presentPackage(done.value.package), outcome: done.value.outcome });
  },
);

const presentPart = ({ part, md5, sha256 }: PackagePartRow): v.InferInput<typeof PartJson> => ({
  part,
  md5,
  sha256,
});

const noSuchUpload = { reason: "unknown-upload" } as const;
