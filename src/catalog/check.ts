/**
 * The validator by name: a command, a payload, a whole profile, a declaration, a status item. What the catalogue does
 * not know is a warning with the name that was probably meant: it may be newer than the catalogue, or somebody else's.
 */
import { platformOf } from "./availability.ts";
import { checkProse } from "./check-prose.ts";
import type { Context } from "./context.ts";
import { type Finding, findingLevels, pointerTo } from "./finding.ts";
import { specsOf } from "./library.ts";
import { commandSpec, declarationSpec, idsOf, profileSpec, specOf, structureSpec } from "./lookup.ts";
import { nearMiss } from "./near-miss.ts";
import { commonPayloadKeys, withCommonKeys } from "./payload-keys.ts";
import type { Kind, Platform, Spec } from "./spec.ts";
import { validate } from "./validate.ts";
import { type Form, memberOf, typeOf } from "./value-type.ts";
import { pickVariant } from "./variants.ts";

/** Members of the Command dictionary that belong to every command. */
const commandEnvelope = ["RequestType", "RequestRequiresNetworkTether"];

/**
 * A command with a name or a top-level key that the catalogue does not know is an error, where other things unknown are
 * warnings: a device answers such a name with an error at best, and silently ignores such a key.
 * `payload` is the Command dictionary; its RequestType may be left out.
 */
export async function checkCommand(
  requestType: string,
  payload: unknown,
  context: Context = {},
  form: Form = "plist",
): Promise<Finding[]> {
  const spec = await commandSpec(requestType);
  if (!spec) return [{ ...(await unknownType("commands", requestType, "")), level: "error" }];
  return [
    ...validate(payload, spec, context, { form, envelope: commandEnvelope }).map((finding) =>
      gravely(finding, context),
    ),
    ...checkProse(requestType, payload, context, form),
  ];
}

/** Whatever else is unknown of a device: one that a user enrolled does not take what user enrollments may not do. */
function gravely(finding: Finding, { enrollmentKind }: Context): Finding {
  if (finding.code === "wrong-enrollment" && enrollmentKind === "user")
    return { ...finding, code: "forbidden-in-user-enrollment", level: "error" };
  return finding.code === "unknown-key" && /^\/[^/]*$/.test(finding.pointer)
    ? { ...finding, level: "error" }
    : finding;
}

export async function checkDeclaration(
  type: string,
  payload: unknown,
  context: Context = {},
  pointer = "",
): Promise<Finding[]> {
  const spec = await declarationSpec(type);
  if (!spec) return [await unknownType("declarations", type, pointer)];
  return validate(payload, spec, context, { form: "json", pointer });
}

/** What a credential asset's data must hold. */
export async function checkCredential(type: string, data: unknown): Promise<Finding[]> {
  const spec = await specOf("credentials", type);
  return spec ? validate(data, spec, {}, { form: "json" }) : [await unknownType("credentials", type, "")];
}

/** One dictionary of a profile's PayloadContent, with the keys that all payloads share. */
export async function checkPayload(
  payload: unknown,
  context: Context = {},
  form: Form = "plist",
  pointer = "",
): Promise<Finding[]> {
  const common = await commonPayloadKeys();
  const type = typeOf(payload) === "dictionary" ? memberOf(payload, "PayloadType") : undefined;
  const spec = typeof type === "string" ? await profileSpec(type) : undefined;
  if (!spec)
    return [
      ...(typeof type === "string"
        ? [await unknownType("profiles", type, pointerTo(pointer, "PayloadType"))]
        : []),
      ...validate(payload, withAnyKey(common), {}, { form, pointer }),
    ];
  const variant = pickVariant(spec, (name) => memberOf(payload, name));
  return validate(payload, withCommonKeys(variant, common), context, { form, pointer });
}

/** A whole profile, before it is signed or encrypted. */
export async function checkProfile(
  profile: unknown,
  context: Context = {},
  form: Form = "plist",
): Promise<Finding[]> {
  const spec = await structureSpec("TopLevel");
  if (!spec) throw new Error("the catalogue has no TopLevel: run npm run catalog");
  const findings = validate(profile, spec, context, { form });
  const content = typeOf(profile) === "dictionary" ? memberOf(profile, "PayloadContent") : undefined;
  if (!Array.isArray(content)) return findings;
  for (const [at, payload] of content.entries())
    if (typeOf(payload) === "dictionary")
      findings.push(...(await checkPayload(payload, context, form, `/PayloadContent/${at}`)));
  return [...findings, ...(await checkRepeatedTypes(content, context))];
}

/** Some payload types may be there once only: on this platform, or, where it is not known, on every one that has them. */
async function checkRepeatedTypes(content: readonly unknown[], context: Context): Promise<Finding[]> {
  const types = content.map((payload) =>
    typeOf(payload) === "dictionary" ? memberOf(payload, "PayloadType") : undefined,
  );
  const findings: Finding[] = [];
  for (const [at, type] of types.entries()) {
    if (typeof type !== "string" || types.indexOf(type) === at) continue;
    if (!(await isAloneOf(type, platformOf(context)))) continue;
    findings.push({
      level: findingLevels["only-one-allowed"],
      pointer: `/PayloadContent/${at}`,
      code: "only-one-allowed",
      detail: `a device takes one payload of type ${type}`,
    });
  }
  return findings;
}

async function isAloneOf(type: string, platform: Platform | undefined): Promise<boolean> {
  // Of a type that several files describe, each area may have a payload of its own.
  const [spec, ...others] = await specsOf("profiles", type);
  if (!spec || others.length > 0) return false;
  const facts = platform ? [spec.os[platform]] : Object.values(spec.os).filter((one) => one !== null);
  return facts.length > 0 && facts.every((one) => one?.multiple === false);
}

const withAnyKey = (spec: Spec): Spec => ({
  ...spec,
  keys: [...spec.keys, { name: "ANY", wildcard: true, type: "any" }],
});

async function unknownType(kind: Kind, name: string, pointer: string): Promise<Finding> {
  const suggestion = nearMiss(name, await idsOf(kind));
  return {
    level: findingLevels["unknown-type"],
    pointer,
    code: "unknown-type",
    detail: `the catalogue's ${kind} do not know ${JSON.stringify(name.slice(0, 100))}`,
    ...(suggestion && { suggestion }),
  };
}
