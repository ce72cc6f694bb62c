// A baseline as a folder of files: profiles, declarations and sets in the form that `edgemdm apply` takes, and
// `baseline.yaml`, which says for each rule where its keys are. Beside each key stands its rule, for people.
import { Document, isScalar, type Node } from "yaml";
import type { Content, Covered, Place } from "./content.ts";
import { stepsOf } from "./merge.ts";
import type { Keys } from "./mscp/rule.ts";
import type { BaselineSet } from "./sets.ts";

export type Told = {
  name: string;
  title: string;
  /** Where the rules come from, and under which licence. */
  source: string;
};

/** By path within the folder. The same baseline is always written with the same bytes. */
export function filesOf(told: Told, content: Content, sets: readonly BaselineSet[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const { identifier, name, type, keys } of content.profiles) {
    const payload = { PayloadType: type, ...keys };
    const notes = notesIn(content.covered, ({ profile }) => profile === identifier, "/PayloadContent/0");
    const whole = { PayloadDisplayName: name, PayloadContent: [payload] };
    files.set(`profiles/${identifier}.yaml`, written(whole, told, notes));
  }
  for (const { identifier, type, payload } of content.declarations) {
    const notes = notesIn(content.covered, ({ declaration }) => declaration === identifier, "/payload");
    files.set(`declarations/${identifier}.yaml`, written({ type, payload }, told, notes));
  }
  // What another folder put on the server is not this one's to prune.
  const scope = `mscp-${told.name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50);
  files.set("edgemdm.yaml", new Document({ scope }).toString(style));
  for (const { name, ...set } of sets) files.set(`sets/${name}.yaml`, written(set, told));
  const { covered, notCovered } = content;
  const index = { ...told, rules: covered, not_covered: notCovered };
  files.set("baseline.yaml", new Document(index).toString(style));
  return files;
}

const style = { lineWidth: 120 };

type AnyPlace = { profile?: string; declaration?: string; keys: readonly string[] };

function notesIn(
  covered: readonly Covered[],
  isHere: (place: AnyPlace) => boolean,
  below: string,
): Map<string, string[]> {
  const notes = new Map<string, string[]>();
  for (const { rule, places } of covered)
    for (const place of places.filter((one: Place) => isHere(one)))
      for (const key of place.keys) notes.set(below + key, [...(notes.get(below + key) ?? []), rule]);
  return notes;
}

function written(
  value: Keys,
  { title, source }: Told,
  notes: ReadonlyMap<string, string[]> = new Map(),
): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = ` ${title}\n ${source}`;
  for (const [pointer, rules] of notes) {
    const node = document.getIn(stepsOf(pointer).map(asStep), true) as Node | undefined;
    if (node === undefined) continue;
    if (isScalar(node)) node.comment = ` ${rules.join(", ")}`;
    else node.commentBefore = ` ${rules.join(", ")}`;
  }
  return document.toString(style);
}

const asStep = (step: string): string | number => (/^\d+$/.test(step) ? Number(step) : step);
