import { toBase64 } from "../../../../src/base/bytes.ts";
import type { Json } from "../../../../src/declarations/canonical-json.ts";
import { type Difference, differencesBetween } from "../../../../src/declarations/difference.ts";
import { type GivenProfile, readGiven, unusable } from "../../../../src/library/given-profile.ts";
import { masked } from "../../../../src/mdm/secrets.ts";
import type { PlistDict } from "../../../../src/plist/value.ts";
import { writePlist } from "../../../../src/plist/write.ts";
import { libraryFindings, profileFindings } from "../../../../src/profiles/check-profile.ts";
import { contentDigest } from "../../../../src/profiles/content-digest.ts";
import { profileToJson } from "../../../../src/profiles/profile-json.ts";
import { textAt } from "../../../../src/profiles/read-profile.ts";
import type { Api } from "../api.ts";
import { addressOf } from "../calls.ts";
import { secretPlaces } from "../hide.ts";
import { readTree } from "../read-file.ts";
import { mapPlistTexts, mapTexts } from "../secrets.ts";
import type { Current, Finding, Kind, Reading, Source, Thing, Tree } from "../thing.ts";

const profileType = "application/x-apple-aspen-config";

const address = (name: string): string => addressOf(profiles, name);

/** Compared by the digest of their meaning, which the list shows to everybody; read only to say how they differ. */
export const profiles: Kind = {
  place: "profiles",
  one: "profile",
  forms: ["mobileconfig", "yaml", "json"],
  path: "/profiles",
  read,
  current: ({ identifier, digest, encrypted }) => ({
    name: String(identifier),
    value: { digest: digest ?? null, encrypted: encrypted ?? false },
  }),
  reach: (survey, { name }) => survey.through(`profiles/${name}`),
  differences,
  create: put,
  change: (api, thing, _current, condition) => put(api, thing, condition),
  async remove(api, { name }, condition) {
    await api.json("DELETE", address(name), condition);
  },
  async exported(api, { name, value: { digest } }) {
    const { profile } = (await api.get(address(name))) as { profile: Tree };
    const value = withoutDerived(profile, name);
    if ((await digestOf(value, name)) === digest) return { value, secrets: secretPlaces(value) };
    const secrets = secretPlaces(profile);
    if ((await digestOf(profile, name)) === digest || secrets.length > 0) return { value: profile, secrets };
    // Keys and values do not tell, for example, the number 1 from 1.0.
    const answer = await api.answer("GET", address(name), {
      query: { format: "mobileconfig", signed: "false" },
    });
    const file = new Uint8Array(await answer.arrayBuffer());
    return { value, secrets: [], file, form: "mobileconfig" };
  },
};

async function read(source: Source, { secrets, options }: Reading): ReturnType<Kind["read"]> {
  const { file, form } = source;
  const tree = form === "mobileconfig" ? undefined : readTree(source);
  if (tree !== undefined && tree.tree === undefined) return { findings: tree.findings };
  const given: GivenProfile =
    tree?.tree === undefined
      ? { file: new Uint8Array(source.bytes) }
      : { json: mapTexts(tree.tree, (text) => secrets.fill(text)) as Tree };
  const taken = await readGiven(given, source.name);
  if (!taken.ok) return { findings: [{ file, level: "error", ...taken.refusal }] };
  const { dict: raw, content } = taken.value;
  const dict = "file" in given ? (mapPlistTexts(raw, (text) => secrets.fill(text)) as PlistDict) : raw;
  const name = textAt(dict, "PayloadIdentifier") ?? source.name;
  const encrypted = options.encrypt?.includes(name);
  const wrong = unusable(dict, name, encrypted ?? false, content.length);
  const found = [...libraryFindings(dict), ...(await profileFindings(dict, Date.now()))];
  const findings: Finding[] = [
    ...(wrong === undefined ? [] : [{ file, level: "error" as const, ...wrong }]),
    ...found.map(({ level, pointer, detail, remedy }) => ({
      file,
      level,
      pointer,
      detail: `${detail}. ${remedy}`,
    })),
  ];
  if (findings.some(({ level }) => level === "error")) return { findings };
  const whole = writePlist(dict);
  const value = {
    digest: await contentDigest(dict),
    ...(encrypted !== undefined && { encrypted }),
    content: toBase64("file" in given && !isFilled(raw, dict) ? new Uint8Array(source.bytes) : whole),
    profile: (await profileToJson(dict)) as Json,
  };
  const written = { profile: tree?.tree ?? ((await profileToJson(raw)) as Json) };
  return { thing: { kind: profiles, name, file, value, written, uses: [] }, findings };
}

const isFilled = (raw: PlistDict, dict: PlistDict): boolean =>
  JSON.stringify([...writePlist(raw)]) !== JSON.stringify([...writePlist(dict)]);

async function differences(api: Api, thing: Thing, current: Current): Promise<Difference[]> {
  const { digest, encrypted, profile } = thing.value;
  const flag = encrypted !== undefined && encrypted !== current.value.encrypted;
  const how = flag ? differencesBetween({ encrypted: current.value.encrypted ?? false }, { encrypted }) : [];
  if (digest === current.value.digest) return how;
  const there = (await api.get(address(thing.name))) as { profile: Tree };
  const all = differencesBetween({ profile: there.profile }, { profile: profile ?? null });
  // Who may not see secrets cannot know which of them differ.
  const visible = all.filter(({ from }) => from !== masked);
  return [
    ...how,
    ...(visible.length > 0 ? visible : [{ pointer: "/profile", from: "(secrets)", to: "(secrets)" }]),
  ];
}

async function put(api: Api, { name, value }: Thing, condition: object): Promise<void> {
  const query = typeof value.encrypted === "boolean" ? { query: { encrypt: String(value.encrypted) } } : {};
  const bytes = Buffer.from(String(value.content), "base64");
  await api.json("PUT", address(name), { body: { bytes, type: profileType }, ...query, ...condition });
}

/** The name is the file's; the rest of what may be left out is shown, for it is the devices' memory of the profile. */
function withoutDerived({ PayloadIdentifier: identifier, ...rest }: Tree, name: string): Tree {
  return identifier === name
    ? rest
    : { ...(identifier !== undefined && { PayloadIdentifier: identifier }), ...rest };
}

async function digestOf(json: Tree, name: string): Promise<string | undefined> {
  const read = await readGiven({ json }, name);
  return read.ok ? contentDigest(read.value.dict) : undefined;
}
