import { isVariable } from "../mdm/variables.ts";
import { type DeclarationFinding, found } from "./declaration-findings.ts";

/** Names that no device could have a value for. */
export const unknownVariables = (names: readonly string[]): DeclarationFinding[] =>
  names
    .filter((name) => !isVariable(name))
    .map((name) =>
      found("", "unknown-variable", `{{${name}}} is no variable; two braces alone are written {{{{`),
    );
