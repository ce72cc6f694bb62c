import { type Bytes, concat } from "../../src/base/bytes.ts";

/** Numbers that look random and are the same in every run (mulberry32). */
export function repeatableRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One to three small damages: bits, bytes, cuts, repetitions, insertions. */
export function mutate(original: Uint8Array, random: (below: number) => number): Bytes {
  let bytes: Bytes = new Uint8Array(original);
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(bytes.length || 1);
    const length = 1 + random(8);
    switch (random(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes = concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 3:
        bytes = inserted(bytes, at, bytes.subarray(at, at + length));
        break;
      case 4:
        bytes = inserted(
          bytes,
          at,
          Uint8Array.from({ length }, () => random(256)),
        );
        break;
      default:
        if (random(8) === 0) bytes = bytes.slice(0, at);
        else bytes[at] = [0, 0x80, 0xff, 0x30][random(4)] ?? 0;
    }
    if (bytes.length === 0) bytes = new Uint8Array(1);
  }
  return bytes;
}

const inserted = (bytes: Bytes, at: number, more: Uint8Array): Bytes =>
  concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
