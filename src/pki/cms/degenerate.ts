import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Certificate } from "../certificate.ts";
import { type MalformedRefusal, reading } from "../der/malformed.ts";
import { context, integer, oid, sequence, setOf } from "../der/write.ts";
import { oids } from "../oids.ts";
import { contentInfo, readContentInfo } from "./content-info.ts";
import { readSignedData } from "./verify.ts";

// Certificates-only SignedData (RFC 5652 section 5.2, RFC 8894 section 3.4): a bag of certificates that nobody signed.
// One surprise: the certificates keep the order they are given, for iOS takes the first one as its own.

export const buildDegenerate = (certificates: readonly Uint8Array[]): Bytes =>
  contentInfo(
    oids.signedData,
    sequence(integer(1), setOf(), sequence(oid(oids.data)), context(0, ...certificates), setOf()),
  );

export type DegenerateRefusal = MalformedRefusal | { reason: "wrong-content-type"; found: string };

/** The certificates of a bag, or of any signed message: nothing is verified. */
export const readDegenerate = (
  cms: Uint8Array,
  maxBytes?: number,
): Result<Certificate[], DegenerateRefusal> =>
  reading<Certificate[], DegenerateRefusal>(() => {
    const { type, content } = readContentInfo(new Uint8Array(cms), maxBytes);
    return type === oids.signedData
      ? ok(readSignedData(content).certificates)
      : refuse({ reason: "wrong-content-type", found: type });
  });
