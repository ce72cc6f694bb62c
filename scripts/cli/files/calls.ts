// Reading things of a kind from the server.
import { Trouble } from "../../trouble.ts";
import { type Api, isRefusal } from "./api.ts";
import type { Current, Kind, Tree } from "./thing.ts";

export function addressOf(kind: Kind, name: string, id?: string): string {
  if (name === "." || name === "..") throw new Trouble(`${kind.one} ${name}: no address can have this name`);
  if (kind.address) return kind.address(name, id);
  return kind.isSingle ? kind.path : `${kind.path}/${encodeURIComponent(id ?? name)}`;
}

export async function listOf(api: Api, kind: Kind): Promise<Current[]> {
  if (kind.list) return kind.list(api);
  if (kind.isSingle)
    return [kind.current((await api.get(kind.path)) as Tree)].filter((one) => one !== undefined);
  const all: Current[] = [];
  for await (const answer of api.trees(kind.path)) {
    const current = kind.current(answer);
    if (current) all.push(current);
  }
  return all;
}

/** As it is now, with its tag; undefined: it is not there. */
export async function findOne(
  api: Api,
  kind: Kind,
  name: string,
  id?: string,
): Promise<{ current: Current; tag: string | undefined } | undefined> {
  try {
    const answer = await api.answer("GET", addressOf(kind, name, id), kind.reading ?? {});
    const current = kind.current((await answer.json()) as Tree);
    return current && { current, tag: answer.headers.get("ETag") ?? undefined };
  } catch (fault) {
    if (isRefusal(fault, 404)) return undefined;
    throw fault;
  }
}
