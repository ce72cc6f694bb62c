// The secrets a Worker must have, and files that nobody else may read.
import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { writing } from "./trouble.ts";

const makers = {
  MASTER_KEY: () => randomBytes(32).toString("base64"),
  ADMIN_TOKEN: () => randomBytes(32).toString("base64url"),
} as const;

export type SecretName = keyof typeof makers;
export const secretNames = Object.keys(makers) as SecretName[];

export const makeSecret = (name: SecretName): string => makers[name]();

/** Whole or not at all, and never readable by others: a half-written key would be a lost key. */
export function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    try {
      writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}
