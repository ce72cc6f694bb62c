/**
 * How many files this isolate is sending. An isolate has 128 MB for all that it does: beyond the bound a device is asked to
 * come back. A counter of the isolate and no more: there may be many isolates, and none knows of another.
 */
const mostAtOnce = 64;
let open = 0;

export const isFull = (): boolean => open >= mostAtOnce;

/** The same bytes, counted as one download until the last is sent or the client has left. */
export function counted(body: ReadableStream, length: number): { body: ReadableStream; done: Promise<void> } {
  // The platform moves the bytes: no code of ours runs for them.
  const { readable, writable } = new FixedLengthStream(length);
  open += 1;
  const done = body
    .pipeTo(writable)
    .catch(() => undefined)
    .finally(() => {
      open -= 1;
    });
  return { body: readable, done };
}
