import { openDb } from "../../db/open.ts";
import { listAbandoned } from "../../db/package-uploads.ts";
import { removeFiles } from "../../packages/remove.ts";
import { giveUpUpload } from "../../packages/uploads.ts";
import { jobKind } from "../job-kind.ts";

const mostOnAPage = 20;

/** Each page does a limited number of one of both, and the run ends when nothing is left of either. */
export const packages = jobKind<"uploads" | "files">("uploads", async (env, step, now) => {
  if (step === "files") {
    const files = await removeFiles(env, now, mostOnAPage);
    const counts = files > 0 ? { files } : {};
    if (files === mostOnAPage) return { counts, remarks: [], next: "files" };
    return { counts, remarks: [], ends: "done", outcome: "nothing is left that nobody needs" };
  }
  const uploads = await listAbandoned(openDb(env.DB), now, mostOnAPage);
  for (const upload of uploads) await giveUpUpload(env, upload);
  const counts = uploads.length > 0 ? { uploads: uploads.length } : {};
  return { counts, remarks: [], next: uploads.length === mostOnAPage ? "uploads" : "files" };
});
