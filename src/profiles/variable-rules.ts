import { isVariable, variablesIn } from "../mdm/variables.ts";
import type { PlistDict } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { membersWithin } from "./payloads.ts";

/** Variables for which no device can have a value, each with its place. */
export function* variableFindings(profile: PlistDict): Generator<ProfileFinding> {
  for (const { value, pointer } of membersWithin(profile, "")) {
    const texts = Array.isArray(value) ? value : [value];
    for (const text of texts) {
      if (typeof text !== "string" || !text.includes("{{")) continue;
      for (const name of variablesIn(text))
        if (!isVariable(name)) yield rule("unknown-variable", pointer, `{{${name}}} is not a known variable`);
      if (text.replace(whole, "").includes("{{"))
        yield rule("unclosed-variable", pointer, "has {{ but no }}");
    }
  }
}

const whole = /\{\{\{\{|\{\{[^{}\r\n]*\}\}/g;
