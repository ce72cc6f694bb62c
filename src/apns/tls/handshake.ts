import type { ByteStream } from "../byte-stream.ts";
import { TlsConnection } from "./connection.ts";
import { TlsFailure } from "./failure.ts";
import { handshake12 } from "./handshake-12.ts";
import { handshake13 } from "./handshake-13.ts";
import { buildClientHello, readServerHello, type ServerHello } from "./hello.ts";
import { generateKeyShares } from "./key-exchange.ts";
import type { TrafficSecrets } from "./key-schedule.ts";
import { handshakeTypes } from "./messages.ts";
import type { HandshakeContext, TlsOptions } from "./options.ts";
import { tls13 } from "./suites.ts";
import { Wire } from "./wire.ts";

/**
 * A TLS client for servers whose roots are known: Apple's push service, which asks for a client certificate, and servers of
 * Apple's that no public root stands behind.
 * TLS 1.3 (RFC 8446), or 1.2 (RFC 5246) with what makes it safe: extended master secret, forward secrecy, AES-GCM.
 *
 * Leaves out on purpose: resumption, early data, renegotiation, compression, revocation checks.
 *
 * Throws `TlsFailure`, the stream being closed then and the server told why.
 */
export async function startTls(stream: ByteStream, options: TlsOptions): Promise<TlsConnection> {
  const wire = new Wire(stream);
  try {
    return await shakeHands(wire, options);
  } catch (failure) {
    const better = await explain(wire, failure);
    await wire.close();
    throw better ?? failure;
  }
}

/** Tells the server why we stop, or learns from it why it did. */
async function explain(wire: Wire, failure: unknown): Promise<TlsFailure | undefined> {
  if (!(failure instanceof TlsFailure)) return undefined;
  if (failure.reason === "cut-off") return wire.lastAlert();
  if (failure.alert !== undefined) await wire.writeAlert(failure.alert).catch(() => {});
  return undefined;
}

async function shakeHands(wire: Wire, options: TlsOptions): Promise<TlsConnection> {
  const context: HandshakeContext = {
    ...options,
    random: crypto.getRandomValues(new Uint8Array(32)),
    sessionId: crypto.getRandomValues(new Uint8Array(32)),
    keyShares: await generateKeyShares(),
  };
  await wire.writeMessages(buildClientHello(context));
  const hello = await readHello(wire, context);
  const { suite } = hello;
  let secrets: TrafficSecrets | undefined;
  if (hello.version === tls13) secrets = await handshake13(wire, context, hello);
  else await handshake12(wire, context, hello);
  wire.endHandshake();
  return new TlsConnection(wire, suite, secrets);
}

type FinalHello = Exclude<ServerHello, { version: "retry" }>;

/** The server's hello, after a second one of ours if the server asks for it: once, and it may not change its mind then. */
async function readHello(wire: Wire, context: HandshakeContext): Promise<FinalHello> {
  const readOne = async () =>
    readServerHello((await wire.readMessage(handshakeTypes.serverHello)).body, context);
  const first = await readOne();
  if (first.version !== "retry") return first;
  await wire.startOver(first.suite.hash);
  await wire.disguise();
  await wire.writeMessages(buildClientHello(context, first.cookie));
  const second = await readOne();
  if (second.version === "retry") {
    throw new TlsFailure("unexpected-message", "the server wants yet another hello");
  }
  if (second.suite !== first.suite) {
    throw new TlsFailure("illegal-parameter", "the server chose two suites, one after the other");
  }
  return second;
}
