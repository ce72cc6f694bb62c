import { type Bytes, concat } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

export type BodyRefusal = { reason: "body-too-large"; limitBytes: number };

/** HTTP itself enforces the declared length, and reading a body in pieces costs twice as much. */
const readAtOnce = 256 * 1024;

/** A form as browsers and OAuth clients send it; undefined: it is too large. Bytes that are no text are no values. */
export async function readForm(request: Request, limitBytes: number): Promise<URLSearchParams | undefined> {
  const body = await readBody(request, limitBytes);
  return body.ok ? new URLSearchParams(new TextDecoder().decode(body.value)) : undefined;
}

/** The body, counted while it streams in, because Content-Length is only a claim of the sender. Can be read once. */
export async function readBody(request: Request, limitBytes: number): Promise<Result<Bytes, BodyRefusal>> {
  const tooLarge = refuse<BodyRefusal>({ reason: "body-too-large", limitBytes });
  const declared = Number(request.headers.get("Content-Length") ?? Number.NaN);
  if (declared > limitBytes) return tooLarge;
  if (declared <= readAtOnce) {
    const whole = new Uint8Array(await request.arrayBuffer());
    return whole.length > limitBytes ? tooLarge : ok(whole);
  }
  if (request.body === null) return ok(new Uint8Array());
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (let turn = await reader.read(); !turn.done; turn = await reader.read()) {
    length += turn.value.length;
    if (length > limitBytes) {
      await reader.cancel();
      return tooLarge;
    }
    parts.push(turn.value);
  }
  return ok(concat(parts));
}
