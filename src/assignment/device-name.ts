import { type Obstacle, obstacles, platformOf } from "../catalog/availability.ts";
import type { Context } from "../catalog/context.ts";
import { commandSpec } from "../catalog/lookup.ts";
import { fillVariables, isVariable, type VariableFacts, variablesIn } from "../mdm/variables.ts";

/**
 * The name that a device should have by its sets: each set may have a template such as
 * `{{device.model}}-{{device.serial_number}}`. Of several sets with one, the first in the order of their names decides.
 * https://developer.apple.com/documentation/devicemanagement/settingscommand/command/settings/devicename
 */
export type NamingSet = { name: string; template: string };

export type WantedName = {
  /** The set that decides, and the others that would name the device too. */
  set: string;
  others: string[];
} & ({ name: string } | { missing: string[] });

export const longestName = 128;

/** `sets` in the order of their names; undefined: none of them names the device. */
export function nameFrom(sets: readonly NamingSet[], facts: VariableFacts): WantedName | undefined {
  const [first, ...rest] = sets;
  if (first === undefined) return undefined;
  const by = { set: first.name, others: rest.map(({ name }) => name) };
  const filled = fillVariables(first.template, facts);
  if (!filled.ok) return { ...by, missing: filled.refusal.missing };
  return { ...by, name: shortened(filled.value) };
}

/** Values come from devices and people: no line breaks, and not without end. */
const shortened = (name: string): string =>
  [...name.replace(/[\s\p{Cc}]+/gu, " ").trim()].slice(0, longestName).join("").trim();

/** What a template may not have, each with why. */
export function templateTroubles(template: string): string[] {
  return variablesIn(template).flatMap((name) => {
    if (name === "device.name") return ["{{device.name}} would make a name out of the name itself"];
    if (ofUserChannel.includes(name)) return [`{{${name}}} has a value on user channels only`];
    return isVariable(name) ? [] : [`{{${name}}} is not a variable`];
  });
}

const ofUserChannel = ["user.id", "user.short_name", "user.long_name"];

export type CannotBeNamed = { waits: boolean; reason: string };

/** Why the device takes no name from a server; `waits`: it is not known yet whether it does. */
export async function whyNotNamed(context: Context): Promise<CannotBeNamed | undefined> {
  const platform = platformOf(context);
  if (platform === undefined) return { waits: true, reason: "the platform of the device is not known yet" };
  const command = await commandSpec("Settings");
  const setting = command?.keys[0]?.items?.alternatives?.of.find(({ name }) => name === "DeviceName");
  const [whole, part] = [command?.os[platform], setting?.os?.[platform]];
  if (!whole || part === null) return { waits: false, reason: `a server names no device of ${platform}` };
  const facts = { ...whole, ...part };
  const obstacle = obstacles(facts, facts, context, platform).find(isLasting);
  if (obstacle) return { waits: false, reason: obstacle.detail };
  return facts.supervised && context.supervised === undefined
    ? { waits: true, reason: "the device has not said yet whether it is supervised" }
    : undefined;
}

const isLasting = ({ code }: Obstacle): boolean => code !== "deprecated" && code !== "ignored-here";

/** A Mac also has a name for the network: letters, digits and hyphens. undefined: nothing of the name is left. */
export function hostNameOf(name: string): string | undefined {
  const plain = name.normalize("NFKD").replace(/\p{M}+/gu, "");
  const host = plain
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, longestLabel)
    .replace(/-+$/, "");
  return host === "" ? undefined : host;
}

/** RFC 1035 section 2.3.4. */
const longestLabel = 63;
