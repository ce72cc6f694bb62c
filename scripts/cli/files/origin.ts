// Which things `apply` made: the server keeps the name of the folder with them.
import type { Api } from "./api.ts";

export const labelOf = (scope: string): string => `files/${scope}`;

/** Their addresses. */
export async function managedBy(api: Api, scope: string): Promise<ReadonlySet<string>> {
  const made = new Set<string>();
  for await (const { path } of api.trees("/managed-things", { managed_by: labelOf(scope) }))
    made.add(String(path));
  return made;
}
