import type { Schemas } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import { ask } from "../ask.ts";
import { type Command, type Given, type Runtime, WrongCall } from "../command.ts";
import { all } from "../lists.ts";
import { nameOf, uploadFile } from "../packages/upload.ts";
import type { Column } from "../screen.ts";
import { relative } from "../times.ts";

const columns: readonly Column<Schemas["Package"]>[] = [
  { title: "NAME", value: ({ name }) => name },
  { title: "KIND", value: ({ kind }) => kind },
  { title: "IDENTIFIER", value: ({ identifier }) => identifier, gives: true },
  { title: "VERSION", value: ({ version, short_version }) => short_version ?? version },
  { title: "SIZE", value: ({ size }) => `${(size / 1e6).toFixed(1)} MB` },
  { title: "UPLOADED", value: ({ updated_at }) => relative(updated_at) },
];

const actions = "[show NAME | upload FILE | delete NAME]";

export const command: Command = {
  words: actions,
  count: [0, 2],
  options: {
    name: { takes: "NAME", help: "what the uploaded package is called; the file's own name unless said" },
    yes: { help: "delete without a question, also a package that an app uses" },
  },
  also: "upload sends a .pkg or an .ipa in parts. Called again after an interruption, it sends what is missing.",
  async run(given, runtime) {
    const [action = "list", word, ...more] = given.words;
    if (action === "list" && word === undefined) return list(runtime);
    if (word === undefined || more.length > 0) throw new WrongCall(`edgemdm packages ${actions}`);
    if (action === "show") return show(word, runtime);
    if (action === "upload") return upload(word, given, runtime);
    if (action === "delete") return remove(word, given, runtime);
    throw new WrongCall(`edgemdm packages ${actions}`);
  },
};

async function list({ api, screen }: Runtime): Promise<void> {
  const packages = await all(api.list("/packages"));
  if (screen.isJson) return screen.json(packages);
  if (packages.length === 0)
    return screen.note("there is no package yet: edgemdm packages upload FILE makes one");
  screen.table(packages, columns);
}

async function show(name: string, { api, screen }: Runtime): Promise<void> {
  screen.json(await (await api.raw("GET", "/packages/{name}", { path: { name } })).json());
}

async function upload(file: string, given: Given, runtime: Runtime): Promise<void> {
  const { screen } = runtime;
  const saved = await uploadFile(file, given.value("name") ?? nameOf(file), runtime);
  if (screen.isJson) return screen.json(saved);
  const what = `${saved.name} is ${saved.identifier} ${saved.version}`;
  screen.say(saved.outcome === "unchanged" ? `${what}, as before.` : `${what}.`);
  if (saved.signer?.developer_id === false)
    screen.note(
      `warning: ${saved.signer.common_name} is no Developer ID; a Mac takes it only if it trusts that certificate`,
    );
}

async function remove(name: string, given: Given, { api, screen }: Runtime): Promise<void> {
  if (!given.has("yes")) {
    if (!screen.isAttended) throw new Trouble(`say --yes to delete the package ${name}`);
    if (!/^y(es)?$/i.test(await ask(`Delete the package ${name}? [y/N] `)))
      throw new Trouble("nothing was deleted");
  }
  const query = given.has("yes") ? { confirm: true } : {};
  await api.raw("DELETE", "/packages/{name}", { path: { name }, query });
  if (screen.isJson) screen.json({ deleted: name });
  else screen.say(`${name} is deleted.`);
}
