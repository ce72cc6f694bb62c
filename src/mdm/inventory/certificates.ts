// CertificateList: https://developer.apple.com/documentation/devicemanagement/certificatelistresponse
// For each certificate the fields for a search are stored, not its bytes: the result of the command has those.

import { printableName } from "../../pki/names.ts";
import { fingerprint, parseCertificate } from "../../pki/parse-certificate.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { ResultReader } from "../results/result-facts.ts";
import { dictsAt, flagAt, item, textAt } from "./answer-keys.ts";
import { answeredList, type Item, mostItems } from "./inventory-facts.ts";

export const certificates: ResultReader = async ({ command, result }) => {
  const told = dictsAt(result, "CertificateList");
  if (flagAt(command, "ManagedOnly") || told === undefined) return undefined;
  const items = await Promise.all(told.slice(0, mostItems).map(certificate));
  const list = answeredList("installed-certificates", items, keyOf);
  return { inventory: { list: { ...list, total: list.total + Math.max(0, told.length - mostItems) } } };
};

async function certificate(entry: PlistDict): Promise<Item> {
  const der = entry.get("Data");
  const bytes = der instanceof Uint8Array ? der : undefined;
  const parsed = bytes && parseCertificate(bytes);
  const read = parsed?.ok ? parsed.value : undefined;
  return item({
    common_name: textAt(entry, "CommonName"),
    is_identity: flagAt(entry, "IsIdentity"),
    fingerprint: bytes && (await fingerprint(bytes)),
    serial: read?.serial.slice(0, 100),
    subject: read && readable(read.subject),
    issuer: read && readable(read.issuer),
    not_before: read && iso(read.notBefore),
    not_after: read && iso(read.notAfter),
    is_ca: read?.isCa,
  });
}

const keyOf = ({ common_name = "", fingerprint: print = "" }: Item): string =>
  [common_name, print].join("\u0000");

const readable = (name: Uint8Array): string => printableName(name).slice(0, 500);

const iso = (ms: number): string => new Date(ms).toISOString();
