import * as v from "valibot";
import { differencesBetween } from "../../../../src/declarations/difference.ts";
import { Rules } from "../../../../src/http/api/ade/rules-json.ts";
import type { Api } from "../api.ts";
import { itemsOf, membersOf } from "../api.ts";
import { addressOf } from "../calls.ts";
import { schemaProblems } from "../named-kind.ts";
import { readTree } from "../read-file.ts";
import { mapTexts } from "../secrets.ts";
import type { Current, Kind, Tree } from "../thing.ts";

/** Which profile the devices of an account get. The account itself begins in Apple's portal, not in a file. */
export const adeRules: Kind = {
  place: "ade/rules",
  one: "rules of the ADE account",
  path: "/ade/accounts",
  address: (name) => `/ade/accounts/${encodeURIComponent(name)}/rules`,
  forms: ["yaml", "json"],
  async read(source, { secrets }) {
    const { file, name } = source;
    const { tree: written, findings } = readTree(source);
    if (written === undefined) return { findings };
    const filled = { default_profile: null, ...(mapTexts(written, (text) => secrets.fill(text)) as Tree) };
    const problems = schemaProblems(Rules, filled).map((problem) => ({ file, ...problem }));
    if (problems.length > 0) return { findings: problems };
    const value = v.parse(Rules, filled) as Tree;
    const uses = [value.default_profile, ...itemsOf(value.rules).map((rule) => membersOf(rule).profile)]
      .filter((profile) => typeof profile === "string")
      .map((profile) => `ade/profiles/${profile}`);
    return { thing: { kind: adeRules, name, file, value, written, uses }, findings: [] };
  },
  current: ({ rules, default_profile: otherwise }) => ({
    name: "",
    value: { rules: rules ?? [], default_profile: otherwise ?? null },
  }),
  async list(api) {
    const all: Current[] = [];
    for await (const { name } of api.trees("/ade/accounts")) all.push(await rulesOf(api, String(name)));
    return all;
  },
  missing: (name) => `there is no ADE account ${name}: docs/ade.md tells how one begins`,
  differences: async (_api, thing, { value }) => differencesBetween(value, thing.value),
  async create(_api, { name }) {
    throw new Error(`the account ${name} is made elsewhere`);
  },
  async change(api, { name, value }, _current, condition) {
    await api.json("PUT", addressOf(adeRules, name), { body: value, ...condition });
  },
  async exported(_api, { value }) {
    const isUsed = itemsOf(value.rules).length > 0 || value.default_profile !== null;
    return isUsed ? { value, secrets: [] } : undefined;
  },
};

async function rulesOf(api: Api, name: string): Promise<Current> {
  const { rules, default_profile } = await api.get(addressOf(adeRules, name));
  return { name, value: { rules, default_profile } as Tree };
}
