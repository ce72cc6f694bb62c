import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { ownPrefix } from "../declarations/own-namespace.ts";
import { type RenderedDeclaration, renderPlain } from "../declarations/rendered.ts";

/** The activation that the server makes for the configurations of a set, if the set asks for it. */
export type Activating = { name: string; predicate: string | null };

const plainName = /^[A-Za-z0-9._-]{1,40}$/;

/** Made from the set's name if that fits into an identifier, otherwise from its hash. */
export async function setActivationName(setName: string): Promise<string> {
  if (plainName.test(setName)) return `${ownPrefix}set.${setName}`;
  return `${ownPrefix}set-${toHex(await sha256(utf8(setName))).slice(0, 32)}`;
}

/** Undefined: there is nothing to activate. */
export async function activateSet(
  { name, predicate }: Activating,
  configurations: readonly string[],
): Promise<RenderedDeclaration | undefined> {
  if (configurations.length === 0) return undefined;
  return renderPlain("com.apple.activation.simple", await setActivationName(name), {
    StandardConfigurations: [...configurations].sort(),
    ...(predicate !== null && { Predicate: predicate }),
  });
}
