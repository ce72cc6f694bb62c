import "reflect-metadata";
import { X509Certificate, X509Crl } from "@peculiar/x509";
import type { Certificate } from "../../src/pki/certificate.ts";

// Revocation lists as another program reads them: pkijs wrote them.

export type ReadRevocationList = {
  /** Serials as certificates spell them, with the time of revocation. */
  revoked: ReadonlyMap<string, number>;
  thisUpdate: number;
  nextUpdate: number | undefined;
  isSignedBy(issuer: Certificate): Promise<boolean>;
};

export function readRevocationList(der: Uint8Array): ReadRevocationList {
  const list = new X509Crl(new Uint8Array(der));
  return {
    revoked: new Map(
      list.entries.map(({ serialNumber, revocationDate }) => [
        serialNumber.toUpperCase().replace(/^00(?=.)/, ""),
        revocationDate.getTime(),
      ]),
    ),
    thisUpdate: list.thisUpdate.getTime(),
    nextUpdate: list.nextUpdate?.getTime(),
    isSignedBy: ({ der: issuer }) => list.verify({ publicKey: new X509Certificate(issuer).publicKey }),
  };
}
