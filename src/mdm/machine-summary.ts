import { ok } from "../base/result.ts";
import { readContentInfo } from "../pki/cms/content-info.ts";
import { readSignedData } from "../pki/cms/verify.ts";
import { reading } from "../pki/der/malformed.ts";
import { readPlist } from "../plist/read.ts";

/**
 * What a device says of itself when it asks for the profile of an account-driven enrollment: its product, its build and
 * its language, no more. The signature is not looked at: the token decides, and what is said here only chooses what the
 * profile leaves out.
 */
export type MachineSummary = {
  product: string | undefined;
  build: string | undefined;
  language: string | undefined;
};

const largestSummary = 64 * 1024;

export function readMachineSummary(body: Uint8Array): MachineSummary | undefined {
  const read = reading(() => ok(readSignedData(readContentInfo(body, largestSummary).content).content));
  if (!read.ok || read.value === undefined) return undefined;
  const plist = readPlist(read.value, { bytes: largestSummary });
  if (!plist.ok || !(plist.value instanceof Map)) return undefined;
  const dict = plist.value;
  const text = (key: string): string | undefined => {
    const value = dict.get(key);
    return typeof value === "string" && value !== "" && value.length <= 100 ? value : undefined;
  };
  return { product: text("PRODUCT"), build: text("VERSION"), language: text("LANGUAGE") };
}
