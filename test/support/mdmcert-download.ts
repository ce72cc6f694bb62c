import { onTestFinished, vi } from "vitest";
import { signForPortal, type Vendor } from "../../src/apns/certificate-request.ts";
import { fromBase64, fromUtf8, toHex, utf8 } from "../../src/base/bytes.ts";
import { buildEnvelope } from "../../src/pki/cms/envelope.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { readPem } from "../../src/pki/pem.ts";

// mdmcert.download as its clients know it: strict about what it is sent, it signs the request as the vendor that it is,
// and "mails" the result to whoever registered.

export type MdmcertDownload = {
  /** Attachments as they would arrive, by address; the newest last. */
  mails: { to: string; attachment: string }[];
  requests: { headers: Headers; body: Record<string, string> }[];
};

type Registered = { email: string; apiKey: string; vendor: Vendor };

/** From now on to the end of the test, whatever is sent to mdmcert.download comes here. */
export function mdmcertDownload(registered: Registered): MdmcertDownload {
  const service: MdmcertDownload = { mails: [], requests: [] };
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    if (new URL(request.url).hostname !== "mdmcert.download") return others(request);
    const answer = await serve(service, registered, request);
    return Response.json(answer, { status: answer.result === "success" ? 200 : 400 });
  });
  onTestFinished(() => spy.mockRestore());
  return service;
}

async function serve(service: MdmcertDownload, { email, apiKey, vendor }: Registered, request: Request) {
  const failure = (reason: string) => ({ result: "failure", reason });
  if (request.method !== "POST" || new URL(request.url).pathname !== "/api/v1/signrequest")
    return failure("no such thing");
  const body = await request.json<Record<string, string>>();
  service.requests.push({ headers: request.headers, body });
  if (body.key !== apiKey) return failure("unknown api key");
  if (body.email !== email) return failure(`${body.email} is not registered`);
  const csr = parseCsr(pemIn(body.csr, "CERTIFICATE REQUEST"));
  if (!csr.ok || !(await verifyCsr(csr.value)).ok) return failure("bad csr");
  const certificate = parseCertificate(pemIn(body.encrypt, "CERTIFICATE"));
  if (!certificate.ok) return failure("bad encryption certificate");

  const file = await signForPortal(csr.value.der, vendor);
  const wrapped = file.replace(/.{1,76}/g, "$&\r\n");
  const sealed = await buildEnvelope(utf8(wrapped), certificate.value, "3DES-CBC");
  if (!sealed.ok) return failure("cannot encrypt to that certificate");
  service.mails.push({ to: email, attachment: `${toHex(sealed.value)}\n` });
  return { result: "success" };
}

function pemIn(base64: string | undefined, label: string): Uint8Array {
  const text = fromUtf8(fromBase64(base64 ?? "") ?? new Uint8Array());
  return readPem(text).find((block) => block.label === label)?.der ?? new Uint8Array();
}
