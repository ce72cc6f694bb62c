import { type Bytes, fromHex } from "../../base/bytes.ts";

// RC2 decryption in CBC mode (RFC 2268), because PKCS#12 files of older keychains and of openssl 1 hide certificates
// behind its 40-bit form, and no runtime of ours offers it. It protects nothing, and nothing is ever encrypted with it.

const piTable = fromHex(
  [
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2",
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82",
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626",
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7",
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec",
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731",
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9",
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
  ].join(""),
) as Bytes;

const pi = (index: number): number => piTable[index & 0xff] as number;

/** Section 2: the effective key length is the length of the key. */
function expand(key: Uint8Array): Uint16Array {
  const table = new Uint8Array(128);
  const at = (index: number): number => table[index] as number;
  table.set(key);
  for (let index = key.length; index < 128; index++)
    table[index] = pi(at(index - 1) + at(index - key.length));
  table[128 - key.length] = pi(at(128 - key.length));
  for (let index = 127 - key.length; index >= 0; index--)
    table[index] = pi(at(index + 1) ^ at(index + key.length));
  return Uint16Array.from({ length: 64 }, (_, index) => at(2 * index) | (at(2 * index + 1) << 8));
}

const rotations = [1, 2, 3, 5] as const;

/** Section 4: five rounds of mixing, mashing, six rounds, mashing, five rounds, all backwards. */
function decryptBlock(keys: Uint16Array, words: Uint16Array): void {
  const word = (index: number): number => words[index & 3] as number;
  const keyAt = (index: number): number => keys[index] as number;
  let next = 63;
  for (let round = 16; round > 0; round--) {
    for (let index = 3; index >= 0; index--) {
      const rotation = rotations[index] as number;
      const rotated = (word(index) >>> rotation) | (word(index) << (16 - rotation));
      words[index] =
        rotated - keyAt(next--) - (word(index - 1) & word(index - 2)) - (~word(index - 1) & word(index - 3));
    }
    if (round === 12 || round === 6)
      for (let index = 3; index >= 0; index--) words[index] = word(index) - keyAt(word(index - 1) & 63);
  }
}

/** undefined when the padding is wrong, as it is under a wrong key. */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Bytes | undefined {
  if (ciphertext.length === 0 || ciphertext.length % 8 !== 0) return undefined;
  const keys = expand(key);
  const plain = new Uint8Array(ciphertext.length);
  const words = new Uint16Array(4);
  for (let at = 0; at < ciphertext.length; at += 8) {
    for (let index = 0; index < 4; index++)
      words[index] =
        (ciphertext[at + 2 * index] as number) | ((ciphertext[at + 2 * index + 1] as number) << 8);
    decryptBlock(keys, words);
    for (let index = 0; index < 8; index++) {
      const previous = at === 0 ? iv[index] : ciphertext[at - 8 + index];
      plain[at + index] = ((words[index >> 1] as number) >>> (8 * (index & 1))) ^ (previous as number);
    }
  }
  const padding = plain.at(-1) as number;
  const padded = padding >= 1 && padding <= 8 && plain.subarray(-padding).every((byte) => byte === padding);
  return padded ? plain.slice(0, -padding) : undefined;
}
