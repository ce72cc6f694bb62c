// What Apple's schema says against a setting of a rule: a key that does not exist, a payload that lacks what it needs.
import { checkDeclaration, checkPayload } from "../../../../src/catalog/check.ts";
import type { Context } from "../../../../src/catalog/context.ts";
import type { Finding, FindingCode } from "../../../../src/catalog/finding.ts";
import type { Keys, PayloadPart } from "./rule.ts";

/** A setting with one of these does nothing on the device, besides what is an error on every device. */
const decisive = new Set<FindingCode>(["not-on-platform", "os-too-old", "removed"]);

const isDecisive = ({ level, code }: Finding): boolean => level === "error" || decisive.has(code);

/** The payload to send, with a key that mSCP misspells put right; or what is wrong with it. */
export async function declarationObstacle(
  type: string,
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown> | string> {
  const findings = await checkDeclaration(type, payload, context);
  const unknown = findings.find(({ code }) => code === "unknown-key" || code === "unknown-type");
  if (unknown?.code === "unknown-key" && unknown.suggestion !== undefined) {
    const corrected = renamed(payload, unknown.pointer.split("/").slice(1), unknown.suggestion);
    return declarationObstacle(type, corrected, context);
  }
  const obstacle = unknown ?? findings.find(isDecisive);
  return obstacle ? wordsOf(type, obstacle) : payload;
}

export async function payloadObstacle(
  { type, keys }: PayloadPart,
  context: Context,
): Promise<string | undefined> {
  const findings = await checkPayload({ PayloadType: type, ...keys }, context, "json");
  // What every payload has is added when the profile is saved.
  const obstacle = findings.find(
    (finding) => isDecisive(finding) && !/^\/Payload(Identifier|UUID|Version)$/.test(finding.pointer),
  );
  return obstacle && wordsOf(type, obstacle);
}

const wordsOf = (type: string, { pointer, detail }: Finding): string =>
  `Apple's schema of ${type}: ${pointer === "" ? "" : `${pointer} `}${detail}`;

function renamed(keys: Keys, [step = "", ...rest]: readonly string[], name: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => {
      if (key !== step) return [key, value];
      return rest.length === 0 ? [name, value] : [key, renamed(value as Keys, rest, name)];
    }),
  );
}
