// What can go wrong on somebody's machine, as one sentence with what to do. Only bugs show a stack.

/** An expected trouble: its message is the whole answer. */
export class Trouble extends Error {}

const causes: Record<string, string> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of that path is a file",
  EISDIR: "it is a folder",
  EEXIST: "a file of that name is in the way",
};

/** Runs a change of the file system; what the system refuses becomes a sentence that names the path. */
export function writing<Value>(path: string, change: () => Value): Value {
  try {
    return change();
  } catch (error) {
    throw new Trouble(`cannot write ${path}: ${causeOf(error)}`, { cause: error });
  }
}

export function causeOf(error: unknown): string {
  const code = errorCode(error);
  return (code && causes[code]) ?? (error instanceof Error ? error.message : String(error));
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
