// Our TLS client as BoringSSL's test runner calls the client under test: connects to the runner's port, says which test it
// is, shakes hands, and sends back every byte inverted. What goes wrong is written to stderr, by its name.
import { readFileSync } from "node:fs";
import type { ByteStream } from "../../src/apns/byte-stream.ts";
import type { TlsConnection } from "../../src/apns/tls/connection.ts";
import { TlsFailure } from "../../src/apns/tls/failure.ts";
import { startTls } from "../../src/apns/tls/handshake.ts";
import type { ClientIdentity } from "../../src/apns/tls/options.ts";
import { handshakeSigner } from "../../src/apns/tls/signature-schemes.ts";
import { type Bytes, utf8 } from "../../src/base/bytes.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { readPem } from "../../src/pki/pem.ts";
import { socketStream } from "../../test/support/node/socket-stream.ts";
import { readFlags, type ShimOrder, unimplemented } from "./flags.ts";

const order = readFlags(process.argv.slice(2));
const client = order && identityOf(order);
if (order === undefined || client === undefined) process.exit(unimplemented);

try {
  const tls = await connect(order, client);
  if (order.shutsDown) await tls.close();
  else await echo(tls, order);
} catch (failure) {
  if (!(failure instanceof TlsFailure)) throw failure;
  console.error(`${failure.reason}: ${failure.message}`);
  process.exit(1);
}
process.exit();

/** undefined for keys that our client cannot sign with. */
function identityOf({ certificateFile, keyFile }: ShimOrder): ClientIdentity | undefined {
  const [key] = readPem(readFileSync(keyFile, "utf8"));
  try {
    const signer = handshakeSigner(key?.der as Bytes);
    return { certificates: readPem(readFileSync(certificateFile, "utf8")).map(({ der }) => der), signer };
  } catch {
    return undefined;
  }
}

async function connect({ port, shimId, isIpv6, serverName, trustFile }: ShimOrder, client: ClientIdentity) {
  const stream = patient(await socketStream(port, isIpv6 ? "::1" : "127.0.0.1"));
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, shimId, true);
  await stream.write(id);
  return startTls(stream, { serverName, protocol: "h2", roots: rootsIn(trustFile), now: Date.now(), client });
}

/** A socket that is closed with bytes unread takes our last words along. The runner must have heard them. */
function patient(stream: ByteStream): ByteStream {
  return {
    ...stream,
    async close() {
      const patience = setTimeout(() => void stream.close(), 500);
      while (await stream.read().catch(() => undefined));
      clearTimeout(patience);
      await stream.close();
    },
  };
}

function rootsIn(file: string): Certificate[] {
  if (file === "") return [];
  return readPem(readFileSync(file, "utf8")).flatMap(({ der }) => {
    const certificate = parseCertificate(der);
    return certificate.ok ? [certificate.value] : [];
  });
}

async function echo(tls: TlsConnection, { writesFirst, checksGoodbye }: ShimOrder): Promise<void> {
  if (writesFirst) await tls.write(utf8("hello"));
  try {
    for (let data = await tls.read(); data; data = await tls.read()) {
      await tls.write(data.map((byte) => byte ^ 0xff));
    }
  } catch (failure) {
    // The runner hangs up without a goodbye unless the test is about goodbyes.
    const isHangUp = failure instanceof TlsFailure && failure.reason === "cut-off" && !checksGoodbye;
    if (!isHangUp) throw failure;
  }
  await tls.close();
}
