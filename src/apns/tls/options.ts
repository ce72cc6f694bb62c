import type { Bytes } from "../../base/bytes.ts";
import type { Certificate } from "../../pki/certificate.ts";
import type { ClientHello } from "./hello.ts";
import type { HandshakeSigner } from "./signature-schemes.ts";

/** Whom a handshake is with, and who we are in it. */
export type TlsOptions = {
  /** The name that the server's certificate must carry. */
  serverName: string;
  /** Whom we believe; nobody else. */
  roots: readonly Certificate[];
  /** The time at which the server's certificates must be valid, in ms. */
  now: number;
  client: ClientIdentity;
};

/** Who we are: our certificate and those above it, DER, ours first. */
export type ClientIdentity = { certificates: readonly Bytes[]; signer: HandshakeSigner };

export type HandshakeContext = TlsOptions & ClientHello;
