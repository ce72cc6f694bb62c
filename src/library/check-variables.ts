import { isVariable } from "../mdm/variables.ts";
import { type DeclarationFinding, found } from "./declaration-findings.ts";

/** Names for which no device could have a value. */
export const unknownVariables = (names: readonly string[]): DeclarationFinding[] =>
  names
    .filter((name) => !isVariable(name))
    .map((name) =>
      found("", "unknown-variable", `{{${name}}} is not a variable; write two literal braces as {{{{`),
    );
