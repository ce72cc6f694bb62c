import type { Bytes } from "../../src/base/bytes.ts";

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
  let bytes = [...original];
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
        bytes.splice(at, length);
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + length));
        break;
      case 4:
        bytes.splice(at, 0, ...Array.from({ length }, () => random(256)));
        break;
      default:
        bytes =
          random(8) === 0
            ? bytes.slice(0, at)
            : bytes.with(at % bytes.length, [0, 0x80, 0xff, 0x30][random(4)] ?? 0);
    }
    if (bytes.length === 0) bytes = [0];
  }
  return Uint8Array.from(bytes);
}
