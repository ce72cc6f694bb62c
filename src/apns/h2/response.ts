import { type Bytes, concat } from "../../base/bytes.ts";
import type { HeaderField } from "./static-table.ts";

/** What a push is answered with is a few hundred bytes; a longer body is cut off. */
export const maxBodyLength = 16_384;

export type Response = { status: number; headers: ReadonlyMap<string, string>; body: Bytes };

/** One response as its frames arrive, RFC 9113 section 8.1. What is wrong with it is said in a sentence. */
export class ResponseReader {
  #status: number | undefined;
  #headers = new Map<string, string>();
  #parts: Uint8Array[] = [];
  #length = 0;

  headers(fields: readonly HeaderField[], endsStream: boolean): string | undefined {
    if (this.#status !== undefined) return this.#trailers(fields, endsStream);
    const complaint = complaintAbout(fields);
    if (complaint) return complaint;
    const status = statusOf(fields);
    if (status === undefined) return "a response without one :status of three digits";
    // Interim responses (1xx) announce the real one.
    // Section 8.6: another protocol cannot be switched to on one stream of many.
    if (status === 101) return "the status 101";
    if (status < 200) return endsStream ? `a stream that ends with the interim status ${status}` : undefined;
    if (fields.filter(([name]) => name === "content-length").length > 1)
      return "more than one content-length";
    this.#status = status;
    for (const [name, value] of fields) if (!name.startsWith(":")) this.#headers.set(name, value);
    return undefined;
  }

  data(bytes: Uint8Array): string | undefined {
    if (this.#status === undefined) return "a body before its header";
    this.#length += bytes.length;
    if (this.#length > maxBodyLength) return `a body of more than ${maxBodyLength} bytes`;
    if (bytes.length > 0) this.#parts.push(bytes);
    return undefined;
  }

  finish(): Response | string {
    if (this.#status === undefined) return "a stream that ends before its header";
    const announced = this.#headers.get("content-length");
    if (announced !== undefined && announced !== String(this.#length)) {
      return `a body of ${this.#length} bytes where content-length says ${announced}`;
    }
    return { status: this.#status, headers: this.#headers, body: concat(this.#parts) };
  }

  #trailers(fields: readonly HeaderField[], endsStream: boolean): string | undefined {
    if (!endsStream) return "a second header inside a response";
    if (fields.some(([name]) => name.startsWith(":"))) return "a pseudo-header in a trailer";
    return complaintAbout(fields);
  }
}

/** They belong to one connection of HTTP/1.1 and have no meaning here (RFC 9113 section 8.2.2). */
const connectionFields: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** RFC 9113 sections 8.2 and 8.3: a response that breaks them must not be believed. */
function complaintAbout(fields: readonly HeaderField[]): string | undefined {
  let isPastPseudo = false;
  for (const [name, value] of fields) {
    const isPseudo = name.startsWith(":");
    if (isPseudo && (isPastPseudo || name !== ":status")) return `a misplaced or unknown field ${name}`;
    if (!isPseudo) isPastPseudo = true;
    if (!isPseudo && !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
      return "a field name with forbidden characters";
    if (connectionFields.has(name)) return `the field ${name} of HTTP/1.1`;
    if (/[\0\r\n]|^[ \t]|[ \t]$/.test(value)) return `a value with forbidden characters in ${name}`;
  }
  return undefined;
}

function statusOf(fields: readonly HeaderField[]): number | undefined {
  const [status, ...more] = fields.filter(([name]) => name === ":status").map(([, value]) => value);
  return more.length === 0 && status !== undefined && /^[1-5][0-9][0-9]$/.test(status)
    ? Number(status)
    : undefined;
}
