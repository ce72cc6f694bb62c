import type { Bytes } from "../../base/bytes.ts";
import type { KeyPair } from "../keys.ts";
import { libraryName, type NameText } from "./names.ts";
import { libraryKeyPair } from "./signing-key.ts";
import { Pkcs10CertificateRequestGenerator } from "./x509.ts";

/** A certification request (PKCS#10, RFC 2986) that wishes for nothing but a name. */
export async function buildRequest(name: NameText, keys: KeyPair): Promise<Bytes> {
  const { privateKey, publicKey, digest } = await libraryKeyPair(keys);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: libraryName(name),
    keys: { privateKey, publicKey },
    signingAlgorithm: { name: privateKey.algorithm.name, hash: digest },
  });
  return new Uint8Array(request.rawData);
}
