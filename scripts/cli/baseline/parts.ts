// The files of a baseline as what they say. A set may be called otherwise than its file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { itemsOf, type Json, membersOf } from "./json.ts";

export type Parts = {
  profiles: ReadonlyMap<string, Json>;
  declarations: ReadonlyMap<string, Json>;
  sets: ReadonlyMap<string, Json>;
  policies: ReadonlyMap<string, Json>;
  enrollment: Json | undefined;
};

export function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => name.endsWith(".yaml"))
      .toSorted()
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(folder, name), "utf8")]),
  );
}

export async function partsOf(files: ReadonlyMap<string, string>): Promise<Parts> {
  const { parse } = await import("yaml");
  const below = (folder: string) =>
    new Map(
      [...files]
        .filter(([path]) => path.startsWith(`${folder}/`))
        .map(([path, text]) => [
          decodeURIComponent(path.slice(folder.length + 1).replace(/\.yaml$/, "")),
          parse(text) as Json,
        ]),
    );
  const enrollment = files.get("enrollment.yaml");
  return {
    profiles: below("profiles"),
    declarations: below("declarations"),
    sets: below("sets"),
    policies: below("updates"),
    enrollment: enrollment === undefined ? undefined : (parse(enrollment) as Json),
  };
}

/** The set of iPads has their platform behind the name, where there is one of iPhones as well. */
export function renamedSets({ sets, policies, ...others }: Parts, name: string): Parts {
  const names = new Map(
    [...sets].map(([own, set]) => [
      own,
      membersOf(set.filter).platform === "ipados" ? `${name}-ipados` : name,
    ]),
  );
  const renamed = (own: unknown): string => names.get(String(own)) ?? String(own);
  return {
    ...others,
    sets: new Map([...sets].map(([own, set]) => [renamed(own), set])),
    policies: new Map(
      [...policies].map(([policy, body]) => [policy, { ...body, sets: itemsOf(body.sets).map(renamed) }]),
    ),
  };
}
