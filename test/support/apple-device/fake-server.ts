/**
 * The smallest server that a device can enrol with: one authority, SCEP, and a scripted answer to everything else. For
 * tests of the device itself; the real server is the one to test everything else with.
 */
import { createHash } from "node:crypto";
import { distinguishedName, type Identity, readCertificate } from "./certificate.ts";
import { attribute, envelop, openEnvelope, readSignedData, signedData } from "./cms.ts";
import {
  type Bytes,
  bits,
  boolean,
  integer,
  nothing,
  octets,
  oid,
  printableString,
  read,
  sequence,
  setOf,
  tagged,
  time,
} from "./der.ts";
import { type Key, pooledKey, signWith } from "./keys.ts";
import { digests, oids } from "./oids.ts";
import { realRandom } from "./random.ts";

export type Heard = { method: string; url: URL; headers: Headers; body: Bytes };
type Script = (heard: Heard) => Response | Promise<Response>;

export type ScepHabits = {
  caps: string;
  certificateType: string;
  /** How many times to answer PENDING first. */
  pending: number;
  status: "0" | "2";
  /** What to put into the reply in place of the certificate that was asked for. */
  certificates?: (issued: Bytes) => readonly Bytes[];
  /** Who signs replies, when it is not the authority. */
  signer?: Identity;
};

const day = 86_400_000;

/** A certificate of the authority over any key. */
export function issue(input: {
  issuer: Identity;
  subject: Bytes;
  spki: Uint8Array;
  ca?: boolean;
  now: number;
}): Bytes {
  const issuerName = input.issuer.certificate.length
    ? readCertificate(input.issuer.certificate).subject
    : input.subject;
  const algorithm = sequence(oid(digests["SHA-256"].withRsa), nothing);
  const keyUsage = bits(new Uint8Array([input.ca ? 0xa6 : 0xa0]), input.ca ? 1 : 5);
  const extension = (type: string, value: Bytes): Bytes => sequence(oid(type), boolean(true), octets(value));
  const tbs = sequence(
    tagged(0, integer(2)),
    integer(realRandom.bytes(12)),
    algorithm,
    issuerName,
    sequence(time(input.now - day), time(input.now + 365 * day)),
    input.subject,
    input.spki,
    tagged(
      3,
      sequence(
        extension(oids.keyUsage, keyUsage),
        extension(oids.basicConstraints, input.ca ? sequence(boolean(true)) : sequence()),
      ),
    ),
  );
  return sequence(tbs, algorithm, bits(signWith(input.issuer.key, "SHA-256", tbs)));
}

export async function newAuthority(name: string, now: number): Promise<Identity> {
  const key = await pooledKey();
  const subject = distinguishedName([[["O", "edgemdm"]], [["CN", name]]]);
  const self = { key, certificate: new Uint8Array() };
  return { key, certificate: issue({ issuer: self, subject, spki: key.spki, ca: true, now }) };
}

export async function newIdentity(
  authority: Identity,
  name: string,
  key: Key,
  now: number,
): Promise<Identity> {
  const subject = distinguishedName([[["CN", name]]]);
  return { key, certificate: issue({ issuer: authority, subject, spki: key.spki, now }) };
}

export class FakeServer {
  readonly heard: Heard[] = [];
  readonly habits: ScepHabits = {
    caps: "POSTPKIOperation\nSHA-256\nAES\nRenewal\nSCEPStandard\n",
    certificateType: "application/x-x509-ca-cert",
    pending: 0,
    status: "0",
  };
  script: Script = () => new Response(null);
  pkiMessages: Bytes[] = [];
  requests: Bytes[] = [];

  readonly authority: Identity;
  readonly now: number;

  constructor(authority: Identity, now: number) {
    this.authority = authority;
    this.now = now;
  }

  readonly transport = async (request: Request): Promise<Response> => {
    const heard = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    };
    this.heard.push(heard);
    return heard.url.pathname === "/scep" ? this.#scep(heard) : this.script(heard);
  };

  #scep(heard: Heard): Response {
    switch (heard.url.searchParams.get("operation")) {
      case "GetCACert":
        return bytes(this.authority.certificate, this.habits.certificateType);
      case "GetCACaps":
        return new Response(this.habits.caps, { headers: { "content-type": "text/plain" } });
      default:
        return this.#operation(heard);
    }
  }

  #operation(heard: Heard): Response {
    const message =
      heard.method === "POST"
        ? heard.body
        : new Uint8Array(
            Buffer.from(heard.url.searchParams.get("message")?.replaceAll(" ", "+") ?? "", "base64"),
          );
    this.pkiMessages.push(message);
    const request = readSignedData(message);
    const transactionId = request.attributes?.get(oids.transactionId)?.string ?? "";
    const senderNonce = request.attributes?.get(oids.senderNonce)?.content ?? new Uint8Array();
    const { content, cipher } = openEnvelope(request.content ?? new Uint8Array(), this.authority.key);
    if (request.attributes?.get(oids.messageType)?.string === "19") this.requests.push(content);

    const status = this.habits.pending > 0 ? "3" : this.habits.status;
    if (status === "3") this.habits.pending--;
    const replyContent = () =>
      envelop({
        content: degenerate(this.#issued(this.requests.at(-1) ?? content)),
        recipient: request.signer ?? readCertificate(this.authority.certificate),
        cipher,
        encoding: "der",
        random: realRandom.bytes,
      });
    return bytes(
      signedData({
        content: status === "0" ? replyContent() : new Uint8Array(),
        detached: status !== "0",
        signer: this.habits.signer ?? this.authority,
        style: { digest: "SHA-256", attributes: true, encoding: "der", algorithm: "combined" },
        now: this.now,
        attributes: [
          attribute(oids.messageType, printableString("3")),
          attribute(oids.pkiStatus, printableString(status)),
          attribute(oids.transactionId, printableString(transactionId)),
          attribute(oids.recipientNonce, octets(senderNonce)),
          ...(status === "2" ? [attribute(oids.failInfo, printableString("2"))] : []),
        ],
      }),
      "application/x-pki-message",
    );
  }

  #issued(request: Bytes): readonly Bytes[] {
    const info = read(request).child(0);
    const certificate = issue({
      issuer: this.authority,
      subject: info.child(1).raw,
      spki: info.child(2).raw,
      now: this.now,
    });
    return this.habits.certificates?.(certificate) ?? [certificate];
  }
}

const bytes = (body: Bytes, type: string): Response =>
  new Response(body, { headers: { "content-type": type } });

/** Certificates and nothing else. */
export const degenerate = (certificates: readonly Uint8Array[]): Bytes =>
  sequence(
    oid(oids.signedData),
    tagged(0, sequence(integer(1), setOf(), sequence(oid(oids.data)), tagged(0, ...certificates), setOf())),
  );

export const sha1 = (data: Uint8Array): Bytes => new Uint8Array(createHash("sha1").update(data).digest());
