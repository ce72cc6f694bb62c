/**
 * Which bytes of a file a request wants (RFC 9110, sections 13 and 14), decided from its headers alone.
 *
 * Several ranges at once are answered with the whole file, as the RFC lets a server do.
 */
export type Wanted =
  | { status: 200 }
  | { status: 206; offset: number; length: number }
  | { status: 304 }
  | { status: 412 }
  | { status: 416 };

export type File = { size: number; etag: string };

export function wantedOf(headers: Headers, { size, etag }: File): Wanted {
  const match = headers.get("If-Match");
  if (match !== null && !names(match, etag)) return { status: 412 };
  const noneMatch = headers.get("If-None-Match");
  if (noneMatch !== null && names(noneMatch, etag)) return { status: 304 };
  const range = headers.get("Range");
  const ifRange = headers.get("If-Range");
  // A date there means a file that may have changed: our files have no dates.
  if (range === null || (ifRange !== null && ifRange !== etag)) return { status: 200 };
  return rangeOf(range, size);
}

function rangeOf(header: string, size: number): Wanted {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return { status: 200 };
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? { status: 416 } : { status: 206, offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return { status: 200 };
  if (offset >= size) return { status: 416 };
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return { status: 206, offset, length: end - offset + 1 };
}

const names = (header: string, etag: string): boolean =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
