import type { Bytes } from "../../base/bytes.ts";
import { context, integer, oid, sequence, setOf } from "../der/write.ts";
import { oids } from "../oids.ts";
import { contentInfo } from "./content-info.ts";

// Certificates-only SignedData (RFC 5652 section 5.2, RFC 8894 section 3.4): a bag of certificates that nobody signed.
// One surprise: the certificates keep the order they are given, for iOS takes the first one as its own.

export const buildDegenerate = (certificates: readonly Uint8Array[]): Bytes =>
  contentInfo(
    oids.signedData,
    sequence(integer(1), setOf(), sequence(oid(oids.data)), context(0, ...certificates), setOf()),
  );
