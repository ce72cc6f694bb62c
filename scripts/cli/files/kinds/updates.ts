import { NewPolicy, policyName } from "../../../../src/http/api/declarations/software-update-json.ts";
import { itemsOf } from "../api.ts";
import { namedKind } from "../named-kind.ts";
import { nobody } from "../reach.ts";

const setsOf = (value: unknown): string[] => itemsOf(value).map(String);

export const updates = namedKind({
  place: "updates",
  one: "policy for software updates",
  path: "/software-updates/policies",
  schema: NewPolicy,
  name: policyName,
  fields: ["platforms", "target", "details_url", "sets", "rollout"],
  unordered: ["platforms", "sets"],
  besides: ["confirm"],
  uses: ({ sets }) => setsOf(sets).map((name) => `sets/${name}`),
  async reach(survey, { thing, current }) {
    const names = [...setsOf(current?.value.sets), ...setsOf(thing?.value.sets)];
    const touched = names.length === 0 ? nobody.touched : await survey.holdersOf(names);
    return { touched, losing: thing ? nobody.losing : touched };
  },
});
