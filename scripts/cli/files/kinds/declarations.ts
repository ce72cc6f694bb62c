import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { sha256, toHex } from "../../../../src/base/bytes.ts";
import { isIdentifier, kindOfType } from "../../../../src/declarations/declaration.ts";
import { differencesBetween } from "../../../../src/declarations/difference.ts";
import { isOwnIdentifier } from "../../../../src/declarations/own-namespace.ts";
import { referencesIn } from "../../../../src/declarations/references.ts";
import type { Payload } from "../../../../src/declarations/server-filled.ts";
import { isPolicyIdentifier } from "../../../../src/declarations/software-update.ts";
import { checkAlone } from "../../../../src/library/check-declaration.ts";
import type { Api } from "../api.ts";
import { membersOf } from "../api.ts";
import { addressOf } from "../calls.ts";
import { secretPlaces } from "../hide.ts";
import { schemaProblems } from "../named-kind.ts";
import { fileNameOf } from "../names.ts";
import { readTree } from "../read-file.ts";
import { mapTexts } from "../secrets.ts";
import type { Condition, Finding, Kind, Reading, Source, Thing, Tree } from "../thing.ts";

const File = v.strictObject({
  type: v.string(),
  payload: v.optional(v.record(v.string(), v.unknown()), {}),
  data: v.optional(
    v.strictObject({
      file: v.pipe(v.string(), v.regex(/^data\/[^/\\]+$/, "must be a file in data/, such as data/fonts.zip")),
      content_type: v.pipe(v.string(), v.regex(/^[\w.+-]+\/[\w.+-]+$/, "must be such as application/zip")),
    }),
  ),
});

export const declarations: Kind = {
  place: "declarations",
  one: "declaration",
  path: "/declarations",
  forms: ["yaml", "json"],
  read,
  current: ({ identifier, type, data_sha256: data, server_token: token }) => {
    const name = String(identifier);
    // What a setting or a policy declares comes and goes with it.
    if (isOwnIdentifier(name) || isPolicyIdentifier(name)) return undefined;
    return { name, value: { type: type ?? null, data_sha256: data ?? null, token: token ?? null } };
  },
  async reach(survey, { name, thing }) {
    return survey.through(`declarations/${name}`, thing ? await survey.setsOfDeclaration(thing) : []);
  },
  async differences(api, thing) {
    const { type, payload, data_sha256: data } = (await api.get(address(thing.name))) as Tree;
    return differencesBetween({ type, payload, data_sha256: data } as Tree, thing.value);
  },
  create: put,
  change: (api, thing, _current, condition) => put(api, thing, condition),
  async remove(api, { name }, condition) {
    await api.json("DELETE", address(name), condition);
  },
  async exported(api, { name }) {
    const { type, payload, data } = (await api.get(address(name))) as Tree;
    const secrets = secretPlaces(payload ?? {}).map((place) => `/payload${place}`);
    const { content_type: contentType } = membersOf(data);
    if (typeof contentType !== "string") return { value: { type, payload } as Tree, secrets };
    const file = `data/${fileNameOf(name)}`;
    const answer = await api.answer("GET", `${address(name)}/data`, { headers: { Accept: "*/*" } });
    const content = new Uint8Array(await answer.arrayBuffer());
    const value = { type, payload, data: { file, content_type: contentType } } as Tree;
    return { value, secrets, bytes: { file, content } };
  },
};

const address = (name: string): string => addressOf(declarations, name);

async function read(source: Source, { secrets, folder }: Reading): ReturnType<Kind["read"]> {
  const { file, name } = source;
  const { tree: written, findings } = readTree(source);
  if (written === undefined) return { findings };
  const filled = mapTexts(written, (text) => secrets.fill(text)) as Tree;
  const problems: Omit<Finding, "file">[] = schemaProblems(File, filled);
  const kind = kindOfType(String(filled.type));
  const error = (pointer: string, detail: string) => problems.push({ pointer, detail, level: "error" });
  if (!isIdentifier(name)) error("", "its name is no identifier: 1 to 64 octets of printable text");
  if (problems.length === 0 && kind === undefined)
    error("/type", `is no type of a declaration: ${String(filled.type)}`);
  const wanted = v.safeParse(File, filled);
  const path = wanted.success && wanted.output.data ? join(folder, wanted.output.data.file) : undefined;
  if (path !== undefined && !existsSync(path)) error("/data/file", "is not in the folder");
  if (problems.length > 0 || !wanted.success || kind === undefined)
    return { findings: problems.map((problem) => ({ file, ...problem })) };
  const { type, data } = wanted.output;
  const payload = wanted.output.payload as Payload;
  const bytes = path === undefined ? undefined : new Uint8Array(readFileSync(path));
  const hash = bytes ? toHex(await sha256(bytes)) : null;
  const found = await checkAlone({ identifier: name, kind, type, payload, dataSha256: hash });
  for (const { level, pointer, detail, suggestion } of found)
    problems.push({
      level,
      pointer: `/payload${pointer}`,
      detail: suggestion === undefined ? detail : `${detail}; did you mean ${suggestion}?`,
    });
  const thing: Thing = {
    kind: declarations,
    name,
    file,
    value: { type, payload, data_sha256: hash },
    written: { type, payload: written.payload ?? {}, data_sha256: hash },
    uses: (await referencesIn(type, payload)).map((one) => `${one.kind}s/${one.identifier}`),
    ...(bytes && data && { data: { bytes, type: data.content_type } }),
  };
  const isWrong = problems.some(({ level }) => level === "error");
  return { ...(!isWrong && { thing }), findings: problems.map((problem) => ({ file, ...problem })) };
}

/** Its bytes follow it: killed between the two, the next run sees that they are not there. */
async function put(api: Api, { name, value, data }: Thing, condition: Condition): Promise<void> {
  const { type, payload, data_sha256: hash } = value;
  const answer = await api.answer("PUT", address(name), { body: { type, payload }, ...condition });
  const { data_sha256: there } = (await answer.json()) as Tree;
  if (there === hash) return;
  const tag = answer.headers.get("ETag");
  const next = tag === null ? {} : { headers: { "If-Match": tag } };
  if (data) await api.json("PUT", `${address(name)}/data`, { body: data, ...next });
  else await api.json("DELETE", `${address(name)}/data`, next);
}
