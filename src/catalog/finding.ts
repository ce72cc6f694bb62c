/** What the validator has to say of one place in a value. */
export type Finding = {
  /** An error will not work on any device; a warning may not work on this one, or is newer than the catalogue. */
  level: "error" | "warning";
  /** JSON pointer (RFC 6901) into the value; of a missing key, where it belongs. */
  pointer: string;
  code: FindingCode;
  /** What was found and what is allowed. */
  detail: string;
  /** The name or value that was probably meant. */
  suggestion?: string;
};

/** Every code with its level: the one list. */
export const findingLevels = {
  "wrong-type": "error",
  "missing-key": "error",
  "out-of-range": "error",
  "not-in-list": "error",
  "bad-format": "error",
  "wrong-count": "error",
  "one-of": "error",
  "needs-key": "error",
  "too-deep": "error",
  "too-large": "error",
  "too-many-findings": "error",
  "forbidden-by-access-rights": "error",
  "forbidden-in-user-enrollment": "error",
  "unknown-type": "warning",
  "unknown-key": "warning",
  "not-on-platform": "warning",
  "os-too-old": "warning",
  deprecated: "warning",
  removed: "warning",
  "needs-supervision": "warning",
  "needs-automated-enrollment": "warning",
  "needs-access-right": "warning",
  "wrong-channel": "warning",
  "wrong-enrollment": "warning",
  "ignored-here": "warning",
  "shared-ipad": "warning",
  "only-one-allowed": "warning",
  "not-provisioned": "warning",
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
        ? finding("", "too-many-findings", `only the first ${mostFindings - 1} findings are listed`)
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
  "not-on-platform",
  "os-too-old",
  "removed",
  "needs-supervision",
  "needs-automated-enrollment",
  "wrong-channel",
  "wrong-enrollment",
  "shared-ipad",
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
