import type { Finding } from "../catalog/finding.ts";

/** Findings about a declaration: from the catalogue, or from the checks of the library and of rules in Apple's prose. */
export type DeclarationFinding = Omit<Finding, "code"> & {
  code: Finding["code"] | keyof typeof libraryFindings;
};

/** The only list of our codes, with their levels. */
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
