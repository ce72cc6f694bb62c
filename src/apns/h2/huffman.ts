import { type Bytes, concat } from "../../base/bytes.ts";

/**
 * The Huffman code of HPACK, RFC 7541 section 5.2 and appendix B. Decoding only: we never send compressed strings.
 *
 * The surprise: the code is canonical. The symbols in order of length, then value, are all there is to know;
 * the codes themselves follow by counting.
 */
const symbolsByLength: readonly (readonly [bits: number, symbols: string])[] = [
  [5, "48-50 97 99 101 105 111 115-116"],
  [6, "32 37 45-47 51-57 61 65 95 98 100 102-104 108-110 112 114 117"],
  [7, "58 66-87 89 106-107 113 118-122"],
  [8, "38 42 44 59 88 90"],
  [10, "33-34 40-41 63"],
  [11, "39 43 124"],
  [12, "35 62"],
  [13, "0 36 64 91 93 126"],
  [14, "94 125"],
  [15, "60 96 123"],
  [19, "92 195 208"],
  [20, "128 130-131 162 184 194 224 226"],
  [21, "153 161 167 172 176-177 179 209 216-217 227 229-230"],
  [22, "129 132-134 136 146 154 156 160 163-164 169-170 173 178 181 185-187 189-190 196 198 228 232-233"],
  [23, "1 135 137-141 143 147 149-152 155 157-158 165-166 168 174-175 180 182-183 188 191 197 231 239"],
  [24, "9 142 144-145 148 159 171 206 215 225 236-237"],
  [25, "199 207 234-235"],
  [26, "192-193 200-202 205 210 213 218-219 238 240 242-243 255"],
  [27, "203-204 211-212 214 221-223 241 244-248 250-254"],
  [28, "2-8 11-12 14-21 23-31 127 220 249"],
  [30, "10 13 22 256"],
];

const longestCode = 30;
const endOfString = 256;

type CodesOfLength = { first: number; symbols: readonly number[] };

const codesByLength: readonly (CodesOfLength | undefined)[] = (() => {
  const table: (CodesOfLength | undefined)[] = new Array(longestCode + 1).fill(undefined);
  let code = 0;
  let previousBits = 0;
  for (const [bits, ranges] of symbolsByLength) {
    code <<= bits - previousBits;
    const symbols = ranges.split(" ").flatMap(expandRange);
    table[bits] = { first: code, symbols };
    code += symbols.length;
    previousBits = bits;
  }
  return table;
})();

/** undefined for what no encoder produces: the end-of-string symbol, or padding that is not up to seven ones. */
export function decodeHuffman(encoded: Uint8Array): Bytes | undefined {
  // The shortest code has five bits, so this always suffices.
  const decoded = new Uint8Array(Math.floor((encoded.length * 8) / 5));
  let length = 0;
  let code = 0;
  let bits = 0;
  for (const byte of encoded) {
    for (let shift = 7; shift >= 0; shift--) {
      code = (code << 1) | ((byte >> shift) & 1);
      bits++;
      const codes = codesByLength[bits];
      const symbol = codes?.symbols[code - codes.first];
      if (symbol === undefined) {
        if (bits >= longestCode) return undefined;
        continue;
      }
      if (symbol === endOfString) return undefined;
      decoded[length++] = symbol;
      code = 0;
      bits = 0;
    }
  }
  const isPadding = bits < 8 && code === (1 << bits) - 1;
  return isPadding ? concat([decoded.subarray(0, length)]) : undefined;
}

function expandRange(range: string): number[] {
  const [first = 0, last = first] = range.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
