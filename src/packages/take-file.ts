import type { Bytes } from "../base/bytes.ts";
import { type Result, refuse } from "../base/result.ts";
import { refuseFile } from "../package-files/refusal.ts";
import { chunksIn, lengthOf } from "./chunks.ts";
import { type Completed, type CompleteRefusal, completeUpload } from "./complete.ts";
import type { FileKind } from "./inspected.ts";
import { beginUpload, giveUpUpload, type NewUpload, takePart } from "./uploads.ts";

/** A whole file in one request: cut into parts while it streams in, one of them in memory at a time. */
export async function takeFile(
  env: Env,
  order: Omit<NewUpload, "kind">,
  body: ReadableStream<Uint8Array> | null,
  now: number,
): Promise<Result<Completed, CompleteRefusal>> {
  if (env.PACKAGES === undefined) return refuse({ reason: "no-bucket" });
  const reader = body?.getReader({ mode: "byob" });
  const next = async (part: number): Promise<Bytes> => {
    const expected = lengthOf(part, order.size);
    return (await reader?.readAtLeast(expected, new Uint8Array(expected)))?.value ?? new Uint8Array();
  };
  let bytes = await next(1);
  const kind = kindOf(bytes);
  if (kind === undefined)
    return refuseFile("not-an-archive", "the file begins neither as a flat package nor as a zip archive");
  const begun = await beginUpload(env, { ...order, kind }, now);
  if (!begun.ok) return begun;
  const upload = begun.value;
  const parts = chunksIn(order.size);
  for (let part = 1; part <= parts; part++) {
    const taken = await takePart(env, upload, { part, bytes }, now);
    if (!taken.ok) {
      await giveUpUpload(env, upload);
      return taken;
    }
    if (part < parts) bytes = await next(part + 1);
  }
  return completeUpload(env, upload, order.by, now);
}

function kindOf(first: Uint8Array): FileKind | undefined {
  const magic = String.fromCharCode(...first.subarray(0, 4));
  if (magic === "xar!") return "pkg";
  return magic.startsWith("PK") ? "ipa" : undefined;
}
