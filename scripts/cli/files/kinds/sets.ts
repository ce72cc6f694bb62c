import { ownSetName } from "../../../../src/declarations/software-update.ts";
import { NewSet, setName } from "../../../../src/http/api/sets/set-json.ts";
import { itemsOf, membersOf } from "../api.ts";
import { namedKind } from "../named-kind.ts";

export const sets = namedKind({
  place: "sets",
  one: "set",
  path: "/sets",
  schema: NewSet,
  name: setName,
  fields: [
    "description",
    "profiles",
    "declarations",
    "apps",
    "optional",
    "filter",
    "activate",
    "predicate",
    "device_name",
  ],
  unordered: ["profiles", "declarations", "apps"],
  asGiven: ["filter"],
  uses: ({ profiles, declarations, apps, optional }) => {
    const offered = membersOf(optional);
    return [
      ...[...itemsOf(profiles), ...itemsOf(offered.profiles)].map((name) => `profiles/${name}`),
      ...[...itemsOf(declarations), ...itemsOf(offered.declarations)].map((name) => `declarations/${name}`),
      ...[...itemsOf(apps), ...itemsOf(offered.apps)].map((name) => `apps/${name}`),
    ];
  },
  // A policy that names no sets has one of its own.
  isOwn: ({ name, description, filter, profiles, declarations, apps, optional }) =>
    String(name).startsWith(ownSetName("")) &&
    [
      ...itemsOf(profiles),
      ...itemsOf(declarations),
      ...itemsOf(apps),
      ...Object.values(membersOf(optional)).flat(),
      description || filter,
    ].filter(Boolean).length === 0,
  reach: (survey, { name, thing, current }) => survey.ofSet(name, current?.value, thing?.value),
  removal: { force: "true" },
});
