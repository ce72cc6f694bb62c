import { timingSafeEqual } from "node:crypto";

/** Encodings of bytes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes;

/** Throws on bytes that are not UTF-8; use it for our own bytes. */
export const fromUtf8 = (bytes: Uint8Array): string => strictDecoder.decode(bytes);

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

export const toBase64Url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const base64Url = /^[A-Za-z0-9_-]*={0,2}$/;

/** Standard or URL-safe base64, white space and missing padding allowed; undefined for anything else. */
export function fromBase64(text: string): Bytes | undefined {
  const bytes = Buffer.from(text, "base64");
  // Buffer ignores characters that are not base64: if the length is right, there were none.
  const digits = text.length - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  if (digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4)) return copy(bytes);
  const compact = text.replace(/[\r\n\t ]+/g, "");
  if (!base64.test(compact) && !base64Url.test(compact)) return undefined;
  if (compact.replace(/=+$/, "").length % 4 === 1) return undefined;
  return copy(Buffer.from(compact, "base64"));
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

export function fromHex(text: string): Bytes | undefined {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text) ? copy(Buffer.from(text, "hex")) : undefined;
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Not constant in time: for public values only. Secrets go through `sameSecret`. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export async function sha256(data: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data as Bytes));
}

/** Compares two secrets in a time that shows neither how much of them is equal nor how long they are. */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([sha256(utf8(a)), sha256(utf8(b))]);
  return timingSafeEqual(left, right);
}

// Small Node buffers are in a shared pool; returned values must have their own memory.
const copy = (buffer: Uint8Array): Bytes => new Uint8Array(buffer);
