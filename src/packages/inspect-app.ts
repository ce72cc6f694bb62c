import type { Result } from "../base/result.ts";
import { type FileRefusal, refuseFile } from "../package-files/refusal.ts";
import type { ReadRange } from "./bucket.ts";
import type { Inspected } from "./inspect.ts";

export async function inspectApp(
  _read: ReadRange,
  _fileBytes: number,
): Promise<Result<Inspected, FileRefusal>> {
  return refuseFile("not-an-archive", "files of this kind are not read yet");
}
