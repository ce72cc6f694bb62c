import type { Finding } from "../catalog/finding.ts";

/** What is to be said of a declaration: by the catalogue, or by those who know the library and the rules in prose. */
export interface DeclarationFinding extends Omit<Finding, "code"> {
  code: Finding["code"] | keyof typeof libraryFindings;
}

/** Every code of ours with its level: the one list. */
export const libraryFindings = {
  unknown_reference: "error",
  wrong_reference: "error",
  wrong_content_type: "warning",
  bad_predicate: "error",
  unknown_status_item: "warning",
  unknown_status_key: "warning",
  unknown_variable: "error",
  unfit_for_referrer: "error",
  data_missing: "warning",
  data_elsewhere: "error",
  data_unreadable: "error",
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
