// A file in parts: what the server has already is not sent again.
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Schemas } from "../../../client/src/index.ts";
import { progressLine } from "../../progress-line.ts";
import { Trouble } from "../../trouble.ts";
import type { Runtime } from "../command.ts";
import { all } from "../lists.ts";

type Kind = Schemas["PackageUpload"]["kind"];

/** So many parts are under way at a time: one alone waits for each answer. */
const atOnce = 4;

/** The name of a package, of the file's name. */
export const nameOf = (file: string): string =>
  basename(file, extname(file))
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);

export async function uploadFile(
  file: string,
  name: string,
  runtime: Runtime,
): Promise<Schemas["SavedPackage"]> {
  const kind = kindOf(file);
  const handle = opened(file);
  try {
    const { size } = fstatSync(handle);
    if (size === 0) throw new Trouble(`${file} is empty`);
    const upload = await beginOrContinue(name, kind, size, runtime);
    await sendParts(handle, name, upload, runtime);
    const path = { name, id: upload.id };
    const answer = await runtime.api.raw("POST", "/packages/{name}/uploads/{id}/complete", { path });
    return JSON.parse(await answer.text()) as Schemas["SavedPackage"];
  } finally {
    closeSync(handle);
  }
}

function kindOf(file: string): Kind {
  const kind = extname(file).slice(1).toLowerCase();
  if (kind === "pkg" || kind === "ipa") return kind;
  throw new Trouble(`${file} is neither a .pkg nor an .ipa`);
}

function opened(file: string): number {
  try {
    return openSync(file, "r");
  } catch (fault) {
    throw new Trouble(`${file} cannot be read: ${fault instanceof Error ? fault.message : fault}`, {
      cause: fault,
    });
  }
}

/** An upload of as many bytes under this name is taken for an earlier try: its parts are compared anyway. */
async function beginOrContinue(
  name: string,
  kind: Kind,
  size: number,
  { api }: Runtime,
): Promise<Schemas["PackageUpload"]> {
  const running = await all(api.list("/packages/{name}/uploads", { path: { name } }));
  const earlier = running.find((one) => one.kind === kind && one.size === size && one.sha256 === null);
  if (earlier !== undefined) return earlier;
  const body = { kind, size };
  const answer = await api.raw("POST", "/packages/{name}/uploads", { path: { name }, body });
  return JSON.parse(await answer.text()) as Schemas["PackageUpload"];
}

async function sendParts(
  handle: number,
  name: string,
  upload: Schemas["PackageUpload"],
  { api, screen }: Runtime,
): Promise<void> {
  const { id, size, parts, part_bytes: partBytes } = upload;
  const path = { name, id };
  const arrived = await all(api.list("/packages/{name}/uploads/{id}/parts", { path }));
  const known = new Map(arrived.map((one) => [one.part, one.sha256]));
  const say = screen.isJson ? () => undefined : progressLine();
  let done = 0;
  const numbers = Array.from({ length: parts }, (_, at) => at + 1).values();
  const worker = async (): Promise<void> => {
    for (const part of numbers) {
      const bytes = readPart(
        handle,
        (part - 1) * partBytes,
        Math.min(partBytes, size - (part - 1) * partBytes),
      );
      const digest = createHash("sha256").update(bytes).digest();
      if (known.get(part) !== digest.toString("hex")) {
        await api.raw("PUT", "/packages/{name}/uploads/{id}/parts/{part}", {
          path: { ...path, part: String(part) },
          body: { bytes, type: "application/octet-stream" },
          headers: { "Content-Digest": `sha-256=:${digest.toString("base64")}:` },
        });
      }
      done += 1;
      say(`${name}: ${(Math.min(done * partBytes, size) / 1e6).toFixed(0)} of ${(size / 1e6).toFixed(0)} MB`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, parts) }, worker));
  if (!screen.isJson && process.stdout.isTTY) process.stdout.write("\n");
}

function readPart(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, position + read);
    if (more === 0) throw new Trouble("the file became shorter while it was read");
    read += more;
  }
  return bytes;
}
