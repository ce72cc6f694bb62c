import type { Context } from "hono";
import * as v from "valibot";
import { type Finding, findingLevels, validationModes } from "../../../catalog/finding.ts";
import type { Ordered, OrderRefusal } from "../../../commands/order.ts";
import { type ProblemSlug, problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { invalid } from "../route/validate.ts";
import { Command, commandProblems, presentCommand } from "./command-json.ts";

/** The answer to a command given to a device: queued with the catalogue's findings, or refused. */
export const validateQuery = {
  validate: v.optional(
    v.pipe(
      v.picklist(validationModes),
      v.description(
        "strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked",
      ),
    ),
    "strict",
  ),
};

export const FindingJson = v.pipe(
  v.object({
    level: v.picklist(["error", "warning"]),
    pointer: v.string(),
    code: v.picklist(Object.keys(findingLevels) as (keyof typeof findingLevels)[]),
    detail: v.string(),
    suggestion: v.exactOptional(v.string()),
  }),
  v.title("Finding"),
);

export const GivenCommand = v.pipe(
  v.object({
    ...Command.entries,
    warnings: v.pipe(v.array(FindingJson), v.description("What may not work, according to the catalogue")),
    generated: v.pipe(
      v.array(v.object({ escrow: v.string(), value: v.string() })),
      v.description(
        "Secrets made for this command, shown only here and only to the role admin; they are in escrow",
      ),
    ),
  }),
  v.title("GivenCommand"),
);

export const presentGiven = ({
  header,
  findings,
  generated,
}: Ordered): v.InferInput<typeof GivenCommand> => ({
  ...presentCommand(header),
  warnings: findings.map((finding) => underPointer(finding, "/payload")),
  generated,
});

export const underPointer = (finding: Finding, pointer: string): Finding => ({
  ...finding,
  pointer: pointer + finding.pointer,
});

/** `pointer`: where the payload is in the body. */
export function orderProblem(c: Context, refusal: OrderRefusal, pointer: string): Response {
  switch (refusal.reason) {
    case "unfit":
      return invalid(c, refusal.findings.filter(({ level }) => level === "error").map(errorAt(pointer)));
    case "cannot-complete":
      return invalid(c, [
        { pointer: `${pointer}/${refusal.key}`, code: refusal.reason, detail: refusal.detail },
      ]);
    case "not-a-plist":
    case "not-a-command":
    case "command-too-large":
    case "forbidden-character":
      return invalid(c, [{ pointer, code: refusal.reason, detail: refusal.detail }]);
    case "not-allowed":
      return problem(c, "forbidden", refusal.detail);
    case "uuid-used":
      return problem(c, "conflict", refusal.detail, { members: { state: refusal.state } });
    default: {
      const slug: ProblemSlug = commandProblems[refusal.reason];
      return problem(c, slug, refusal.detail);
    }
  }
}

export const errorAt =
  (pointer: string) =>
  ({ pointer: place, code, detail, suggestion }: Finding): RequestError => ({
    pointer: pointer + place,
    code,
    detail: suggestion === undefined ? detail : `${detail}; did you mean ${suggestion}?`,
  });
