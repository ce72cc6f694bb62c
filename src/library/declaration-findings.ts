import type { Finding } from "../catalog/finding.ts";

/** What is to be said of a declaration: by the catalogue, or by those who know the library and the rules in prose. */
export type DeclarationFinding = Omit<Finding, "code"> & {
  code: Finding["code"] | keyof typeof libraryFindings;
};

/** Every code of ours with its level: the one list. */
export const libraryFindings = {
  "unknown-reference": "error",
  "wrong-reference": "error",
  "wrong-content-type": "warning",
  "bad-predicate": "error",
  "unknown-status-item": "warning",
  "unknown-status-key": "warning",
  "unknown-variable": "error",
  "unfit-for-referrer": "error",
  "data-missing": "warning",
  "data-elsewhere": "error",
  "data-unreadable": "error",
} as const;

export const found = (
  pointer: string,
  code: keyof typeof libraryFindings,
  detail: string,
  suggestion?: string,
): DeclarationFinding => ({
  level: libraryFindings[code],
  pointer,
  code,
  detail,
  ...(suggestion !== undefined && { suggestion }),
});
