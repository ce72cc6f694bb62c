import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";

const memory = "/dev/shm";
const ours = /^edgemdm-tests-(\d+)$/;
const roomBytes = 2 * 1024 ** 3;
const anHourMs = 3_600_000;

/**
 * A folder of this run for what tests keep for a moment, in memory where the machine has room there. Each write of a Durable
 * Object or of D1 waits for its disk, which takes as long as all else that most tests do.
 */
export function memoryFolder(): { TMPDIR?: string } {
  if (!hasRoom()) return {};
  for (const name of readdirSync(memory)) if (isLeft(name)) rmSync(join(memory, name), gone);
  const folder = join(memory, `edgemdm-tests-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.once("exit", () => rmSync(folder, gone));
  return { TMPDIR: folder };
}

const gone = { recursive: true, force: true } as const;

/** Containers have little memory there, and may run no programs from it. */
function hasRoom(): boolean {
  try {
    const mount = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .find((line) => line.split(" ")[1] === memory);
    const { bavail, bsize } = statfsSync(memory);
    return mount !== undefined && !/\bnoexec\b/.test(mount) && bavail * bsize >= roomBytes;
  } catch {
    return false;
  }
}

/** Of a run of this user that was killed. Another container's processes cannot be seen, so it must be old as well. */
function isLeft(name: string): boolean {
  const pid = ours.exec(name)?.[1];
  const folder = pid && statSync(join(memory, name), { throwIfNoEntry: false });
  if (!folder || folder.uid !== process.getuid?.() || folder.mtimeMs > Date.now() - anHourMs) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch {
    return true;
  }
}
