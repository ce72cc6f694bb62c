import type { Bytes } from "../../base/bytes.ts";
import type { Certificate } from "../../pki/certificate.ts";
import type { ClientHello } from "./hello.ts";
import type { ApplicationProtocol } from "./messages.ts";
import type { HandshakeSigner } from "./signature-schemes.ts";

/** Whom a handshake is with, and who we are in it. */
export type TlsOptions = {
  /** The name that the server's certificate must carry. */
  serverName: string;
  protocol: ApplicationProtocol;
  /** Whom we believe; nobody else. */
  roots: readonly Certificate[];
  /** The time at which the server's certificates must be valid, in ms. */
  now: number;
  /** Absent: we have none, and a server that asks for one is told so. */
  client?: ClientIdentity;
};

/** Who we are: our certificate and those above it, DER, ours first. */
export type ClientIdentity = { certificates: readonly Bytes[]; signer: HandshakeSigner };

export type HandshakeContext = TlsOptions & ClientHello;
