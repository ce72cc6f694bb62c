// New inputs out of old ones: bytes changed, cut, doubled; words of the format put in; two inputs crossed.
import type { Random } from "./random.ts";

const interesting = [0x00, 0x01, 0x20, 0x30, 0x7f, 0x80, 0x81, 0xff];

export type Material = { words: readonly Uint8Array[]; others: readonly Uint8Array[]; longest: number };

export function mutate(original: Uint8Array, material: Material, random: Random): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array = original;
  for (let left = 1 << random(4); left > 0; left--) bytes = step(bytes, material, random);
  return new Uint8Array(bytes.subarray(0, material.longest));
}

function step(bytes: Uint8Array, { words, others }: Material, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const length = 1 + random(random(4) === 0 ? 64 : 8);
  switch (random(12)) {
    case 0:
      return changed(bytes, at, (octet) => octet ^ (1 << random(8)));
    case 1:
      return changed(bytes, at, () => random(256));
    case 2:
      return changed(bytes, at, () => interesting[random(interesting.length)] as number);
    case 3:
      return changed(bytes, at, (octet) => octet + random(9) - 4);
    case 4:
      return spliced(bytes, at, length, none);
    case 5:
      return spliced(bytes, at, 0, bytes.subarray(at, at + length));
    case 6:
      return spliced(
        bytes,
        at,
        0,
        Uint8Array.from({ length }, () => random(256)),
      );
    case 7:
    case 8: {
      const word = words[random(words.length)] ?? none;
      return spliced(bytes, at, random(2) * word.length, word);
    }
    case 9: {
      const other = others[random(others.length)] ?? none;
      const from = random(other.length + 1);
      return spliced(bytes, at, random(2) * length, other.subarray(from, from + 1 + random(64)));
    }
    // Rarely much of the same: what costs more than its length shows then.
    case 10: {
      const times = random(8) === 0 ? 1 << random(14) : random(4);
      const piece = bytes.subarray(at, at + length);
      return spliced(bytes, at, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
    }
    default: {
      const other = others[random(others.length)] ?? none;
      return random(4) === 0 ? bytes.subarray(0, at) : spliced(bytes, at, bytes.length, other.subarray(at));
    }
  }
}

const none = new Uint8Array();

function changed(bytes: Uint8Array, at: number, change: (octet: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = change(copy[at] as number);
  return copy;
}

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}
