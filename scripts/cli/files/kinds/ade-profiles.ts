import { checkAdeProfile } from "../../../../src/ade/check-profile.ts";
import { usualUserAgent } from "../../../../src/ade/client.ts";
import { loadSkipItems } from "../../../../src/ade/skip-items.ts";
import type { Json } from "../../../../src/declarations/canonical-json.ts";
import { differencesBetween } from "../../../../src/declarations/difference.ts";
import { addressOf } from "../calls.ts";
import { secretPlaces } from "../hide.ts";
import { readTree } from "../read-file.ts";
import { mapTexts } from "../secrets.ts";
import type { Kind, Tree } from "../thing.ts";

/** Where devices of this server enroll, which is filled in where a file does not say it. */
const usualPath = "/enroll/ade";
const anyServer = `https://mdm.example.com${usualPath}`;

/** Apple's keys. */
export const adeProfiles: Kind = {
  place: "ade/profiles",
  one: "ADE profile",
  path: "/ade/profiles",
  forms: ["yaml", "json"],
  async read(source, { secrets }) {
    const { file, name } = source;
    const { tree: written, findings } = readTree(source);
    if (written === undefined) return { findings };
    const value = valued(mapTexts(written, (text) => secrets.fill(text)) as Tree);
    const context = { now: Date.now(), userAgent: usualUserAgent, skipItems: await loadSkipItems() };
    const { errors, warnings } = checkAdeProfile({ url: anyServer, ...value }, context);
    const problems = [
      ...errors.map(({ pointer, detail }) => ({ file, pointer, detail, level: "error" as const })),
      ...warnings.map(({ pointer, detail }) => ({ file, pointer, detail, level: "warning" as const })),
    ];
    if (errors.length > 0) return { findings: problems };
    return { thing: { kind: adeProfiles, name, file, value, written, uses: [] }, findings: problems };
  },
  current: ({ name, profile }) => ({ name: String(name), value: valued((profile ?? {}) as Tree) }),
  async differences(_api, thing, { value }) {
    return differencesBetween(thing.value.url === undefined ? withoutUsualUrl(value) : value, thing.value);
  },
  async create(api, { name, value }, condition) {
    await api.json("PUT", addressOf(adeProfiles, name), { body: value, ...condition });
  },
  change: (api, thing, _current, condition) => adeProfiles.create(api, thing, condition),
  async remove(api, { name }, condition) {
    await api.json("DELETE", addressOf(adeProfiles, name), condition);
  },
  async exported(api, { value }) {
    const isHere = value.url === `${api.origin}${usualPath}`;
    return { value: isHere ? withoutUsualUrl(value) : value, secrets: secretPlaces(value) };
  },
};

/** null counts as absent. */
const valued = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).filter((entry): entry is [string, Json] => entry[1] !== null));

function withoutUsualUrl({ url, ...rest }: Tree): Tree {
  return typeof url === "string" && url.endsWith(usualPath)
    ? rest
    : { ...(url !== undefined && { url }), ...rest };
}
