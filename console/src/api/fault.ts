// What went wrong with a request, as a page shows it.
import { ProblemError, StrangeAnswerError, UnreachableError } from "../../../client/src/errors.ts";

export { ProblemError, UnreachableError };

export type Fault =
  | { kind: "away" }
  | { kind: "strange"; detail: string }
  | {
      kind: "forbidden" | "changed" | "missing" | "refused" | "broken";
      problem: ProblemError["problem"];
      code: string;
    }
  | { kind: "bug"; detail: string };

const kinds: Readonly<Record<number, "forbidden" | "changed" | "missing">> = {
  403: "forbidden",
  404: "missing",
  412: "changed",
};

export function faultOf(error: unknown): Fault {
  if (error instanceof UnreachableError) return { kind: "away" };
  if (error instanceof StrangeAnswerError) return { kind: "strange", detail: error.message };
  if (error instanceof ProblemError) {
    const kind = error.status >= 500 ? "broken" : (kinds[error.status] ?? "refused");
    return { kind, problem: error.problem, code: error.code };
  }
  return { kind: "bug", detail: error instanceof Error ? error.message : String(error) };
}

/** Errors by the JSON pointer of the field they concern, such as `/name`. */
export function fieldErrors(fault: Fault | undefined): Readonly<Record<string, string>> {
  if (fault === undefined || !("problem" in fault)) return {};
  const errors = fault.problem.errors ?? [];
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail]));
}
