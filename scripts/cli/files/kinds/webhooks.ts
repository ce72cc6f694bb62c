import * as v from "valibot";
import { type Difference, differencesBetween } from "../../../../src/declarations/difference.ts";
import { NewWebhook } from "../../../../src/http/api/webhooks/new-webhook.ts";
import { Trouble } from "../../../trouble.ts";
import type { Api } from "../api.ts";
import { addressOf } from "../calls.ts";
import { schemaProblems } from "../named-kind.ts";
import { readTree } from "../read-file.ts";
import { mapTexts } from "../secrets.ts";
import type { Current, Kind, Thing, Tree } from "../thing.ts";

/** The server calls a webhook by an id that it makes; in a folder it is found again by its name. */
export const webhooks: Kind = {
  place: "webhooks",
  one: "webhook",
  path: "/webhooks",
  forms: ["yaml", "json"],
  async read(source, { secrets }) {
    const { file, name } = source;
    const { tree: written, findings } = readTree(source);
    if (written === undefined) return { findings };
    const filled = { name, ...(mapTexts(written, (text) => secrets.fill(text)) as Tree) };
    const problems = schemaProblems(NewWebhook, filled).map((problem) => ({ file, ...problem }));
    if (filled.name !== name)
      problems.push({ file, pointer: "/name", detail: "the name is that of the file", level: "error" });
    if (problems.length > 0) return { findings: problems };
    const { name: _name, after: _after, ...value } = v.parse(NewWebhook, filled) as Tree;
    return { thing: { kind: webhooks, name, file, value: value as Tree, written, uses: [] }, findings: [] };
  },
  current: ({ id, name, style, topics, include_secrets: includeSecrets }) => ({
    name: String(name),
    id: String(id),
    value: { style: style ?? null, topics: topics ?? [], include_secrets: includeSecrets ?? false },
  }),
  differences: async (api, thing, current) =>
    differencesBetween(await whole(api, thing, current), thing.value),
  async create(api, { name, value }, { headers }) {
    // It has no address yet that a condition could be about: the key of the request keeps it from being made twice.
    const { "If-None-Match": _, ...rest } = headers ?? {};
    await api.json("POST", webhooks.path, { body: { name, ...value }, headers: rest });
  },
  async change(api, thing, current, condition) {
    const { style, secret, ...rest } = thing.value;
    if (style !== current.value.style)
      throw new Trouble("the style of a webhook cannot be changed: delete the webhook, then apply again");
    const at = addressOf(webhooks, current.name, current.id);
    const differs = (await webhooks.differences(api, thing, current)).map(
      ({ pointer }: Difference) => pointer,
    );
    await api.json("PATCH", at, {
      body: { ...rest, hmac_key: rest.hmac_key ?? null },
      ...condition,
    });
    if (differs.includes("/secret")) await api.json("POST", `${at}/secret`, { body: { secret } });
  },
  async remove(api, { name, id }, condition) {
    await api.json("DELETE", addressOf(webhooks, name, id), condition);
  },
  async exported(api, current) {
    const { url, secret, hmac_key: key } = await withSecrets(api, current);
    const value = { ...current.value, url, secret, ...(key !== null && { hmac_key: key }) } as Tree;
    return { value, secrets: ["/url", "/secret", ...(key === null ? [] : ["/hmac_key"])] };
  },
};

const withSecrets = async (api: Api, { name, id }: Current): Promise<Tree> =>
  (await api.get(addressOf(webhooks, name, id), { secrets: "true" })) as Tree;

/** As the file could say it: a secret that the file leaves to the server is not compared. */
async function whole(api: Api, { value }: Thing, current: Current): Promise<Tree> {
  const { url, secret, hmac_key: key } = await withSecrets(api, current);
  return {
    ...current.value,
    url: url ?? null,
    ...(value.secret !== undefined && { secret: secret ?? null }),
    ...(key !== null && key !== undefined && { hmac_key: key }),
  };
}
