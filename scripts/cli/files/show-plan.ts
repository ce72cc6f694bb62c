// A plan as people read it, and as programs do.
import type { Json } from "../../../src/declarations/canonical-json.ts";
import type { Difference } from "../../../src/declarations/difference.ts";
import { printable, type Screen } from "../screen.ts";
import type { Change, Plan } from "./plan.ts";
import { isLarge, mostDevices } from "./threshold.ts";

const signs = { create: "+", change: "~", delete: "-" } as const;
const styles = { create: "green", change: "yellow", delete: "red" } as const;
const widest = 100;

export const actionOf = ({ thing, current }: Pick<Change, "thing" | "current">): keyof typeof signs =>
  thing === undefined ? "delete" : current === undefined ? "create" : "change";

export function showPlan(plan: Plan, screen: Screen): void {
  for (const change of plan.changes) {
    const action = actionOf(change);
    screen.say(screen.style(styles[action], `${signs[action]} ${titleOf(change)}${devicesOf(change)}`));
    for (const line of change.differences.flatMap(linesOf))
      screen.say(screen.style(line.style, `    ${line.text}`));
  }
  if (plan.changes.length > 0) screen.say();
  screen.say(totalOf(plan));
}

const titleOf = ({ kind, name }: Change): string =>
  kind.isSingle ? kind.one : `${kind.one} ${printable(name)}`;

function devicesOf({ reach: { touched, losing } }: Change): string {
  if (touched.size === 0) return "";
  const loses = losing.size > 0 ? `, ${losing.size} lose by it` : "";
  return `  (${count(touched.size, "device")}${loses})`;
}

type Line = { style: "red" | "green"; text: string };

function linesOf({ pointer, from, to }: Difference): Line[] {
  if (from === undefined && isTree(to))
    return Object.entries(to).flatMap(([key, value]) => linesOf({ pointer: `${pointer}/${key}`, to: value }));
  const place = pointer.slice(1) || "all of it";
  return [
    ...(from === undefined ? [] : [{ style: "red" as const, text: `- ${place}: ${told(from)}` }]),
    ...(to === undefined ? [] : [{ style: "green" as const, text: `+ ${place}: ${told(to)}` }]),
  ];
}

const isTree = (value: Json | undefined): value is { [key: string]: Json } =>
  value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;

function told(value: Json): string {
  const text = printable(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function totalOf({ changes, same, touched, losing, fleet }: Plan): string {
  const by = (action: keyof typeof signs) => changes.filter((change) => actionOf(change) === action).length;
  if (changes.length === 0) return `Nothing to do: ${count(same, "thing")} as the folder says.`;
  const what = `${by("create")} to create, ${by("change")} to change, ${by("delete")} to delete, ${same} as they should be`;
  return `${what}. It concerns ${touched} of ${count(fleet, "device")}; ${losing} lose something.`;
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

/** How to go on. */
export function nextStep(plan: Plan): string {
  const { id, touched, losing } = plan;
  if (!isLarge(plan)) return `The plan is ${id}.`;
  return `The plan is ${id}. It concerns more than ${mostDevices(plan)} devices (${Math.max(touched, losing)}): it is carried out only with --confirm ${id}.`;
}

export const planAsJson = (plan: Plan) => ({
  id: plan.id,
  changes: plan.changes.map((change) => ({
    action: actionOf(change),
    kind: change.kind.place,
    name: change.name,
    ...(change.thing && { file: change.thing.file }),
    differences: change.differences,
    devices: change.reach.touched.size,
    losing: change.reach.losing.size,
  })),
  unchanged: plan.same,
  devices: plan.touched,
  losing: plan.losing,
  fleet: plan.fleet,
  must_be_confirmed: isLarge(plan),
});
