import type { Distribution } from "./distribution.ts";
import type { Signer } from "./xar-signature.ts";

/** What was read in a file: everything that people see of it. */
export type FileFacts = PackageFacts | AppFacts;

export type PackageFacts = {
  kind: "pkg";
  signer: Signer;
  packages: Distribution["packages"];
  /** The apps that it installs. */
  bundles: { identifier: string; version: string }[];
  minimumOsVersion: string | null;
};

export type AppFacts = {
  kind: "ipa";
  /** The version that people see; the manifest has the other one. */
  shortVersion: string | null;
  minimumOsVersion: string | null;
  platforms: string[];
  /** undefined: an app without one, as the App Store has it. */
  provisioning: { name: string; expiresAt: number; distribution: "enterprise" | "ad-hoc" } | null;
};
