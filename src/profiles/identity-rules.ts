import type { Certificate } from "../pki/certificate.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { payloadsOf } from "./payloads.ts";
import { textAt } from "./read-profile.ts";

/**
 * Payloads with a certificate or an identity: their content must match their type.
 * https://developer.apple.com/documentation/devicemanagement/certificateroot
 */
export async function identityFindings(profile: PlistDict, now: number): Promise<ProfileFinding[]> {
  const found: ProfileFinding[] = [];
  let opened = 0;
  for (const { dict, type, pointer } of payloadsOf(profile)) {
    const content = dict.get("PayloadContent");
    if (type === "com.apple.security.root" || type === "com.apple.security.pkcs1")
      found.push(...derFindings(content, type, pointer, now));
    if (type === "com.apple.security.pem") found.push(...pemFindings(content, pointer, now));
    if (type === "com.apple.security.pkcs12" && opened++ < mostOpened)
      found.push(...(await pkcs12Findings(dict, pointer, now)));
    if (type === "com.apple.security.scep" && content instanceof Map)
      found.push(...scepFindings(content, `${pointer}/PayloadContent`));
    if (type === "com.apple.security.acme") found.push(...acmeFindings(dict, pointer));
  }
  return found;
}

/** The author decides how long opening one takes, within limits: of many, only the first are opened. */
const mostOpened = 5;

function derFindings(
  content: PlistValue | undefined,
  type: string,
  pointer: string,
  now: number,
): ProfileFinding[] {
  if (!(content instanceof Uint8Array)) return [];
  const parsed = parseCertificate(content);
  const place = `${pointer}/PayloadContent`;
  if (!parsed.ok)
    return [rule("bad-certificate", place, `is not a certificate in DER: ${parsed.refusal.detail}`)];
  const root = type === "com.apple.security.root" && !parsed.value.isCa;
  return [
    ...(root ? [rule("not-an-authority", place, `${parsed.value.subjectText} is not an authority`)] : []),
    ...ageFindings(parsed.value, place, now),
  ];
}

function pemFindings(content: PlistValue | undefined, pointer: string, now: number): ProfileFinding[] {
  if (!(content instanceof Uint8Array)) return [];
  const place = `${pointer}/PayloadContent`;
  const blocks = readPem(Buffer.from(content).toString("latin1"));
  const strange = blocks.find(({ label }) => label !== "CERTIFICATE");
  if (blocks.length === 0) return [rule("bad-certificate", place, "has no certificate in PEM")];
  if (strange) return [rule("bad-certificate", place, `has a ${strange.label}`)];
  return blocks.flatMap(({ der }) => {
    const parsed = parseCertificate(der);
    return parsed.ok
      ? ageFindings(parsed.value, place, now)
      : [rule("bad-certificate", place, parsed.refusal.detail)];
  });
}

const ageFindings = (
  { notAfter, subjectText }: Certificate,
  pointer: string,
  now: number,
): ProfileFinding[] =>
  notAfter > now
    ? []
    : [rule("expired-certificate", pointer, `${subjectText} expired on ${new Date(notAfter).toISOString()}`)];

async function pkcs12Findings(dict: PlistDict, pointer: string, now: number): Promise<ProfileFinding[]> {
  const [content, password] = [dict.get("PayloadContent"), dict.get("Password")];
  if (!(content instanceof Uint8Array)) return [];
  const place = `${pointer}/PayloadContent`;
  if (password === undefined) return [rule("no-pkcs12-password", `${pointer}/Password`, "is missing")];
  // It is filled in for each device, so it cannot be tried now.
  if (typeof password !== "string" || password.includes("{{")) return [];
  const { readPkcs12 } = await import("../pki/heavy/pkcs12.ts");
  const read = await readPkcs12(content, password);
  return read.ok
    ? ageFindings(read.value.credential.certificate, place, now)
    : [rule("bad-pkcs12", place, `does not open to one identity: ${read.refusal.reason}`)];
}

const subjectNames = ["C", "L", "ST", "O", "OU", "CN"];

function scepFindings(scep: PlistDict, pointer: string): ProfileFinding[] {
  const found = urlFindings(scep, "URL", pointer, ["https:", "http:"]);
  const size = scep.get("Keysize");
  if (size === undefined || size === 1024)
    found.push(rule("weak-key", `${pointer}/Keysize`, size ? "is 1024" : "is missing"));
  return [...found, ...subjectFindings(scep, pointer)];
}

function subjectFindings(dict: PlistDict, pointer: string): ProfileFinding[] {
  const subject = dict.get("Subject");
  const pairs = Array.isArray(subject) ? subject.flat(2) : [];
  // Inner arrays are pairs of attribute and value; after flattening, attributes are at even places.
  return pairs.flatMap((one, at) =>
    at % 2 === 0 && typeof one === "string" && !subjectNames.includes(one) && !/^\d+(\.\d+)+$/.test(one)
      ? [rule("bad-subject", `${pointer}/Subject`, `${one} is not an attribute that devices know`)]
      : [],
  );
}

function acmeFindings(acme: PlistDict, pointer: string): ProfileFinding[] {
  const [type, size] = [acme.get("KeyType"), acme.get("KeySize")];
  const [bound, attest] = [acme.get("HardwareBound") === true, acme.get("Attest") === true];
  const found = urlFindings(acme, "DirectoryURL", pointer, ["https:"]);
  if (typeof size === "number" && !fitsKey(type, size))
    found.push(rule("bad-key-size", `${pointer}/KeySize`, `${size} is not a size of ${String(type)} keys`));
  if (bound && (type !== "ECSECPrimeRandom" || (size !== 256 && size !== 384)))
    found.push(
      rule(
        "not-hardware-bound",
        `${pointer}/HardwareBound`,
        `is not possible for ${String(type)} ${String(size)}`,
      ),
    );
  if (attest && !bound)
    found.push(rule("attest-needs-hardware", `${pointer}/Attest`, "is true, but HardwareBound is not"));
  return [...found, ...subjectFindings(acme, pointer)];
}

const fitsKey = (type: PlistValue | undefined, size: number): boolean =>
  type === "RSA" ? size % 8 === 0 && size >= 1024 && size <= 4096 : [192, 256, 384, 521].includes(size);

function urlFindings(
  dict: PlistDict,
  key: string,
  pointer: string,
  schemes: readonly string[],
): ProfileFinding[] {
  const text = textAt(dict, key);
  if (text === undefined || text.includes("{{") || schemes.includes(URL.parse(text)?.protocol ?? ""))
    return [];
  return [rule("bad-url", `${pointer}/${key}`, `${text} is not an address with ${schemes.join(" or ")}`)];
}
