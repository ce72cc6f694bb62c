import { utf8 } from "../../src/base/bytes.ts";
import { type PlistInput, PlistReal } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";

/** Damaged property lists, the same ones in every run. */
export type Random = (below: number) => number;

/** mulberry32: small, even enough, and seeded. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)] as Item;

/** Devices write control characters, and we never do: this one becomes U+0003 in the document. */
const standsForControl = "\ue003";

const words = [
  "",
  "a",
  "UDID",
  "naïve",
  "日本語",
  "📱",
  "a<b>&c",
  " \n",
  "]]>",
  standsForControl,
  "x".repeat(80),
];

export function randomValue(random: Random, depth = 4): PlistInput {
  switch (random(depth > 0 ? 11 : 8)) {
    case 0:
      return random(2) === 0;
    case 1:
      return random(1000) - 500;
    case 2:
      return BigInt(random(2 ** 31)) * 2n ** 32n;
    case 3:
      return new PlistReal((random(2 ** 31) - 2 ** 30) / (1 + random(1000)));
    case 4:
      return new Date(random(2 ** 31) * 1000);
    case 5:
      return Uint8Array.from({ length: random(100) }, () => random(256));
    case 6:
    case 7:
      return pick(random, words);
    case 8:
      return Array.from({ length: random(5) }, () => randomValue(random, depth - 1));
    default:
      return new Map(
        Array.from({ length: random(6) }, (_, index) => [
          `${pick(random, words)}${index}`,
          randomValue(random, depth - 1) as never,
        ]),
      );
  }
}

const fragments = [
  ..."<>/&;\"'=x!?-[]1 \t\r\n",
  ..."<dict> </dict> <array> </array> <key> </key> <string> </string> <true/> <false></false> <integer> <data> </plist>".split(
    " ",
  ),
  ..."<dict/> <array/> <foo> </foo> <key>a</key> <integer>1</integer> <date> <real>x</real> <!-- --> <![CDATA[ ]]> <? ?>".split(
    " ",
  ),
  ..."&amp; &#65; &#0; &nbsp; &#x; <!DOCTYPE <!-- <?xml é \ufeff ]]> <__proto__/> <constructor> <a:b/>".split(
    " ",
  ),
  "<!DOCTYPE plist>",
  "<?xml version='1.0'?>",
  "<!-- a -->",
  "<![CDATA[b]]>",
  " a='b'",
  "<plist version='1.0'>",
];

/** One to three small wounds: something cut out, put in, doubled, replaced, or broken off. */
export function damage(random: Random, text: string): string {
  let damaged = text;
  for (let wounds = 1 + random(3); wounds > 0; wounds--) damaged = wound(random, damaged);
  return damaged;
}

export function wound(random: Random, text: string): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + 1 + random(pick(random, [1, 8, 40])));
  switch (random(12)) {
    case 0:
      return text.slice(0, at);
    case 1:
    case 2:
    case 3:
      return text.slice(0, at) + text.slice(end);
    case 4:
      return text.slice(0, end) + text.slice(at);
    case 5:
      return text.slice(0, at) + pick(random, fragments) + text.slice(end);
    case 6: {
      const tags = [...text.matchAll(/<[^>]*>/g)];
      const tag = tags.length > 0 ? pick(random, tags) : undefined;
      if (!tag) return text;
      return text.slice(0, tag.index) + pick(random, fragments) + text.slice(tag.index + tag[0].length);
    }
    default:
      return text.slice(0, at) + pick(random, fragments) + text.slice(at);
  }
}

/** A document as text, whole. */
export const randomDocument = (random: Random): string =>
  new TextDecoder().decode(writePlist(randomValue(random))).replaceAll(standsForControl, "\u0003");

/** Bytes that may be no text at all any more. */
export function damageBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const damaged = bytes.slice(0, random(10) === 0 ? random(bytes.length + 1) : bytes.length);
  for (let wounds = 1 + random(4); wounds > 0 && damaged.length > 0; wounds--) {
    damaged[random(damaged.length)] = random(3) === 0 ? pick(random, [0, 1, 0x7f, 0x80, 0xff]) : random(256);
  }
  return damaged;
}

export const damagedDocument = (random: Random): Uint8Array => utf8(damage(random, randomDocument(random)));
