import { type Bytes, concat } from "../../base/bytes.ts";

/** Writes the structures of TLS (RFC 8446 section 3). */
export const u8 = (value: number): Bytes => Uint8Array.of(value);
export const u16 = (value: number): Bytes => Uint8Array.of(value >> 8, value);
export const u24 = (value: number): Bytes => Uint8Array.of(value >> 16, value >> 8, value);

export const vector8 = (...parts: Uint8Array[]): Bytes => concat([u8(lengthOf(parts)), ...parts]);
export const vector16 = (...parts: Uint8Array[]): Bytes => concat([u16(lengthOf(parts)), ...parts]);
export const vector24 = (...parts: Uint8Array[]): Bytes => concat([u24(lengthOf(parts)), ...parts]);

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);
