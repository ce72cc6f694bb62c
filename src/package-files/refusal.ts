import { type Result, refuse } from "../base/result.ts";

/** Every way in which a `.pkg` or `.ipa` is refused, with what a person does about it. */
const remedies = {
  "not-an-archive": "send the .pkg or .ipa itself, not a disk image, a folder or a page that leads to it",
  damaged: "build or download the file again; it may have been cut off on its way",
  "too-complex": "build it again with the usual tools; no package of theirs is like this",
  "component-package":
    "make a distribution of it: productbuild --package component.pkg --sign 'Developer ID Installer: …' product.pkg",
  unsigned: "sign it: productsign --sign 'Developer ID Installer: …' unsigned.pkg signed.pkg",
  "bad-signature": "sign it again with productsign, and change nothing in the file after that",
  "unsupported-signature": "sign it with productsign and an RSA certificate, as Apple issues for installers",
  "no-version": "give the package a version: productbuild --version, or CFBundleVersion of the app",
  "no-identifier": "give it an identifier: productbuild --identifier, or CFBundleIdentifier of the app",
  "no-app": "export the .ipa again: it needs one app in its folder Payload",
  "several-apps": "export one app in each .ipa",
  "unsafe-path": "build it again with the usual tools: no name in it may leave its folder",
} as const;

export type FileReason = keyof typeof remedies;

/** `detail` says what is wrong in this file. */
export type FileRefusal = { reason: FileReason; detail: string; remedy: string };

export const refuseFile = (
  reason: FileReason,
  detail: string,
): Extract<Result<never, FileRefusal>, { ok: false }> => refuse({ reason, detail, remedy: remedies[reason] });

/** A text of a file that somebody else made, as it may be shown. */
export function shown(text: string): string {
  const plain = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "?");
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
