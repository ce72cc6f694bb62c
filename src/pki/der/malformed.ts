import { type Result, refuse } from "../../base/result.ts";

export type MalformedRefusal = { reason: "malformed"; detail: string };

/** Thrown by the readers below and turned into a refusal by `reading`; it leaves no exported face of this folder. */
export class Malformed extends Error {}

export function malformed(detail: string): never {
  throw new Malformed(detail);
}

/** Runs a reader; what it found malformed becomes a refusal, any other error stays a bug and is thrown on. */
export function reading<Value, Refusal = never>(
  read: () => Result<Value, Refusal>,
): Result<Value, Refusal | MalformedRefusal> {
  try {
    return read();
  } catch (error) {
    return refusalOf(error);
  }
}

/** The same for a reader that has to decrypt what it reads. */
export async function readingLater<Value, Refusal = never>(
  read: () => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal | MalformedRefusal>> {
  try {
    return await read();
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): { ok: false; refusal: MalformedRefusal } {
  if (error instanceof Malformed) return refuse({ reason: "malformed", detail: error.message });
  throw error;
}
