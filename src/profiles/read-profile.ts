import { type Bytes, fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { type CmsRefusal, verifySignedData } from "../pki/cms/verify.ts";
import { readPem } from "../pki/pem.ts";
import type { UploadRefusal } from "../plist/upload.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";

/**
 * An uploaded configuration profile: a property list, XML or binary, alone or inside a CMS message that signs it, as DER,
 * BER or PEM.
 * https://developer.apple.com/documentation/devicemanagement/toplevel
 *
 * Leaves to others: whether its keys are correct (`check-profile.ts`), and whether its signer is trusted. An invalid
 * signature is refused anyway, because the content was changed after the signature.
 */
export type ReadProfile = {
  dict: PlistDict;
  /** The exact bytes of the property list. */
  content: Bytes;
  /** undefined: it was not signed. */
  signer: Certificate | undefined;
};

export type ReadProfileRefusal = {
  reason: "bad-signature" | "not-a-plist" | "not-a-profile" | "too-large";
  detail: string;
};

/** The limit of one command, minus room for the signature; encryption adds another third. */
export const largestProfile = 1_000_000;
export const largestEncryptedProfile = 750_000;

/** Loads a whole XML library, for errors with line numbers. */
export async function readProfile(file: Bytes): Promise<Result<ReadProfile, ReadProfileRefusal>> {
  const opened = await openSigned(file);
  if (!opened.ok) return opened;
  const { content } = opened.value;
  if (content.length > largestProfile) {
    const detail = `the profile has ${content.length} bytes; a device gets at most ${largestProfile}`;
    return refuse({ reason: "too-large", detail });
  }
  const { readUpload } = await import("../plist/upload.ts");
  const read = readUpload(content);
  if (!read.ok) return refuse({ reason: "not-a-plist", detail: placed(read.refusal) });
  if (!(read.value instanceof Map))
    return refuse({ reason: "not-a-profile", detail: "the property list is not a dictionary" });
  return ok({ ...opened.value, dict: read.value });
}

type Opened = { content: Bytes; signer: Certificate | undefined };

async function openSigned(file: Bytes): Promise<Result<Opened, ReadProfileRefusal>> {
  const cms = messageIn(file);
  if (!cms) return ok({ content: file, signer: undefined });
  // An old signature may use SHA-1: that is accepted, because nothing is trusted because of it.
  const signed = await verifySignedData(cms, { allowSha1: true });
  if (!signed.ok) return refuse({ reason: "bad-signature", detail: trouble(signed.refusal) });
  const { content, signer } = signed.value;
  if (content) return ok({ content, signer });
  return refuse({ reason: "bad-signature", detail: "the signed message has no content" });
}

/** A property list begins with letters or `<`; a message in DER or BER with the tag of a sequence. */
function messageIn(file: Bytes): Bytes | undefined {
  if (file[0] === 0x30) return file;
  if (file[0] !== 0x2d) return undefined;
  const block = readPem(textOf(file)).find(({ label }) => label === "PKCS7" || label === "CMS");
  return block?.der;
}

function textOf(file: Bytes): string {
  try {
    return fromUtf8(file);
  } catch {
    return "";
  }
}

function trouble(refusal: CmsRefusal): string {
  if (refusal.reason === "digest-mismatch" || refusal.reason === "bad-signature")
    return "the profile was changed after it was signed; export it again, or upload it without its signature";
  const more = "detail" in refusal ? `: ${refusal.detail}` : "";
  return `it is not a signed message that can be read (${refusal.reason}${more})`;
}

const placed = ({ detail, line, column }: UploadRefusal): string =>
  line === undefined ? detail : `line ${line}, column ${column}: ${detail}`;

/** The facts that the library stores with a content. */
export function outlineOf(dict: PlistDict): { uuid: string; name: string | null; payloadTypes: string[] } {
  const content = dict.get("PayloadContent");
  const payloads = Array.isArray(content) ? content : [];
  return {
    uuid: textAt(dict, "PayloadUUID") ?? "",
    name: textAt(dict, "PayloadDisplayName") ?? null,
    payloadTypes: payloads.flatMap((one) => (one instanceof Map ? [textAt(one, "PayloadType") ?? ""] : [])),
  };
}

export function textAt(dict: PlistDict, key: string): string | undefined {
  const value: PlistValue | undefined = dict.get(key);
  return typeof value === "string" ? value : undefined;
}
