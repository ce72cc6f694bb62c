import { type Bytes, fromBase64 } from "../base/bytes.ts";

/**
 * How SCEP messages travel over HTTP (RFC 8894 section 4): operations by name, and the message of a GET.
 *
 * Leaves to others: what the bytes mean.
 *
 * The surprise: form decoding would break the message. iOS does not encode `+` and `/`, but a form turns `+` into a space;
 * strongSwan and sscep send lines of 64 characters; mdmb uses the URL-safe alphabet; macOS may encode twice.
 */
export const operations = ["GetCACaps", "GetCACert", "PKIOperation"] as const;

export type Operation = (typeof operations)[number];

/** undefined for an operation that is not offered. Clients differ in upper and lower case. */
export function operationOf(query: string): Operation | undefined {
  const wanted = rawParameter(query, "operation")?.toLowerCase();
  return operations.find((operation) => operation.toLowerCase() === wanted);
}

/** The message of a GET, out of a query as it stood in the URL; undefined when there is none, or it is not base64. */
export function messageOfQuery(query: string): Bytes | undefined {
  const text = rawParameter(query, "message");
  const bytes = text === undefined ? undefined : fromLenientBase64(text);
  return bytes && unwrapTwice(bytes);
}

/** The message of a POST. Content types differ from client to client and say nothing. */
export const messageOfBody = (body: Bytes): Bytes => unwrapTwice(body);

const sequenceTag = 0x30;

function unwrapTwice(bytes: Bytes): Bytes {
  if (bytes.length === 0 || bytes[0] === sequenceTag) return bytes;
  const inner = fromLenientBase64(Buffer.from(bytes).toString("latin1"));
  return inner?.[0] === sequenceTag ? inner : bytes;
}

// A space is a plus that form decoding, ours or a proxy's, has changed.
const fromLenientBase64 = (text: string): Bytes | undefined =>
  fromBase64(
    text
      .replace(/[\r\n\t]+/g, "")
      .replaceAll(" ", "+")
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
  );

function rawParameter(query: string, name: string): string | undefined {
  const pairs = query.replace(/^\?/, "").split("&");
  const found = pairs.find((pair) => pair.toLowerCase().startsWith(`${name}=`));
  try {
    return found && decodeURIComponent(found.slice(name.length + 1));
  } catch {
    return undefined;
  }
}
