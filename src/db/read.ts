import { withDeadline } from "../base/deadline.ts";
import { isStorageFault, StorageUnavailable } from "./fault.ts";

const readTimeoutMs = 5_000;

/**
 * A read with a time limit and one retry, because D1 sometimes drops a connection or stalls for half a minute. Not for
 * writes: a write that timed out may have succeeded.
 */
export async function read<Rows>(query: () => PromiseLike<Rows>, timeoutMs = readTimeoutMs): Promise<Rows> {
  try {
    return await within(query, timeoutMs);
  } catch (fault) {
    if (!isStorageFault(fault)) throw fault;
    return within(query, timeoutMs);
  }
}

const within = <Rows>(query: () => PromiseLike<Rows>, timeoutMs: number): Promise<Rows> =>
  withDeadline(
    timeoutMs,
    query,
    () => new StorageUnavailable(`D1 did not answer a read within ${timeoutMs} ms`),
  );
