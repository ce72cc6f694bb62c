/** What the validator has to say of one place in a value. */
export interface Finding {
  /** An error will not work on any device; a warning may not work on this one, or is newer than the catalogue. */
  level: "error" | "warning";
  /** JSON pointer (RFC 6901) into the value; of a missing key, where it belongs. */
  pointer: string;
  code: FindingCode;
  /** What was found and what is allowed. */
  detail: string;
  /** The name or value that was probably meant. */
  suggestion?: string;
}

/** Every code with its level: the one list. */
export const findingLevels = {
  wrong_type: "error",
  missing_key: "error",
  out_of_range: "error",
  not_in_list: "error",
  bad_format: "error",
  wrong_count: "error",
  one_of: "error",
  needs_key: "error",
  too_deep: "error",
  too_large: "error",
  too_many_findings: "error",
  forbidden_by_access_rights: "error",
  unknown_type: "warning",
  unknown_key: "warning",
  not_on_platform: "warning",
  os_too_old: "warning",
  deprecated: "warning",
  removed: "warning",
  needs_supervision: "warning",
  needs_automated_enrollment: "warning",
  needs_access_right: "warning",
  wrong_channel: "warning",
  wrong_enrollment: "warning",
  ignored_here: "warning",
  shared_ipad: "warning",
  only_one_allowed: "warning",
  not_provisioned: "warning",
} as const;

export type FindingCode = keyof typeof findingLevels;

/** Findings past this number help nobody; the last one says that there are more. */
const mostFindings = 200;

export class Findings {
  readonly #list: Finding[] = [];

  add(pointer: string, code: FindingCode, detail: string, suggestion?: string): void {
    if (this.isFull) return;
    const last = this.#list.length === mostFindings - 1;
    this.#list.push(
      last
        ? finding("", "too_many_findings", `only the first ${mostFindings - 1} findings are listed`)
        : finding(pointer, code, detail, suggestion),
    );
  }

  get isFull(): boolean {
    return this.#list.length >= mostFindings;
  }

  get list(): Finding[] {
    return this.#list;
  }
}

function finding(pointer: string, code: FindingCode, detail: string, suggestion?: string): Finding {
  return { level: findingLevels[code], pointer, code, detail, ...(suggestion && { suggestion }) };
}

const obstacleCodes: ReadonlySet<FindingCode> = new Set([
  "not_on_platform",
  "os_too_old",
  "removed",
  "needs_supervision",
  "needs_automated_enrollment",
  "wrong_channel",
  "wrong_enrollment",
  "shared_ipad",
]);

/** Whether this stands between the device and the whole of what it is asked, not between it and one key. */
export const isObstacle = ({ pointer, code }: Finding): boolean => pointer === "" && obstacleCodes.has(code);

export const pointerTo = (pointer: string, member: string | number): string =>
  `${pointer}/${String(member).replace(/~/g, "~0").replace(/\//g, "~1")}`;

/**
 * What a caller may ask of the validator: `strict` (the default) refuses what has errors and returns warnings,
 * `warn` returns both and refuses nothing, `off` does not look. A key newer than the catalogue never stops anybody.
 */
export const validationModes = ["strict", "warn", "off"] as const;
export type ValidationMode = (typeof validationModes)[number];

export function refusesIn(mode: ValidationMode, findings: readonly Pick<Finding, "level">[]): boolean {
  return mode === "strict" && findings.some(({ level }) => level === "error");
}
