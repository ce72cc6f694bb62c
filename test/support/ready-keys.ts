/// <reference types="vite/types/importMeta.d.ts" />
import { readPem } from "../../src/pki/pem.ts";

// Keys that everybody has, private and public one after the other: they protect nothing. A new RSA key takes a tenth of a second,
// and nearly every test needs one: for an authority, a token of Apple's portal, or somebody's identity provider.
const files = import.meta.glob<string>("../fixtures/keys/rsa-2048.pem", {
  query: "?raw",
  import: "default",
  eager: true,
});
const blocks = Object.values(files)
  .flatMap(readPem)
  .map(({ der }) => der);

const { subtle } = crypto;
const generate = subtle.generateKey.bind(subtle);
const ofPrivateKeys = new Set(["sign", "decrypt", "unwrapKey"]);

type Algorithm = Exclude<Parameters<typeof generate>[0], string>;

let given = 0;

/**
 * From now on whoever makes an RSA key of 2048 bits gets a ready one, the first one first. Sixteen in a row are different keys.
 * That new keys are made at all is shown where nothing is stored (`test/pki`), and there no ready ones are given.
 */
export function giveReadyKeys(): void {
  given = 0;
  subtle.generateKey = async (algorithm, extractable, usages) =>
    typeof algorithm !== "string" && algorithm.modulusLength === 2048
      ? readyPair(algorithm, extractable, usages)
      : generate(algorithm, extractable, usages);
}

async function readyPair(
  { name, hash = "SHA-256" }: Algorithm,
  extractable: boolean,
  usages: string[],
): Promise<CryptoKeyPair> {
  const [pkcs8, spki] = blocks.slice((2 * given++) % blocks.length);
  if (!pkcs8 || !spki) throw new Error("there are no ready keys");
  const [forPrivate, forPublic] = [true, false].map((wanted) =>
    usages.filter((usage) => ofPrivateKeys.has(usage) === wanted),
  ) as [string[], string[]];
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", pkcs8, { name, hash }, extractable, forPrivate),
    subtle.importKey("spki", spki, { name, hash }, true, forPublic),
  ]);
  return { privateKey, publicKey };
}
