// Several rules may set keys of one payload: dictionaries are joined, lists get each entry once, and where two rules
// want different values of one key, both are named.

type Plain = Record<string, unknown>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths that have a value already and another one is wanted: `allowAirDrop`, `Apps.Mail.AllowSummary`. */
export function merge(into: Plain, from: Plain, path = ""): string[] {
  return Object.entries(from).flatMap(([key, value]) => {
    if (key === "__proto__") return [];
    const place = path === "" ? key : `${path}.${key}`;
    const there = Object.hasOwn(into, key) ? into[key] : undefined;
    if (isPlain(there) && isPlain(value)) return merge(there, value, place);
    if (Array.isArray(there) && Array.isArray(value)) {
      const known = new Set(there.map((item) => JSON.stringify(item)));
      there.push(...value.filter((item) => !known.has(JSON.stringify(item))));
      return [];
    }
    if (there !== undefined) return JSON.stringify(there) === JSON.stringify(value) ? [] : [place];
    into[key] = structuredClone(value);
    return [];
  });
}

/** JSON pointers of what is set: members of dictionaries, also within lists of them; other lists are one place. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (isPlain(value))
    return Object.entries(value).flatMap(([key, member]) =>
      pathsOf(member, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    );
  if (Array.isArray(value) && value.length > 0 && value.every(isPlain))
    return value.flatMap((member, at) => pathsOf(member, `${path}/${at}`));
  return [path];
}

export const stepsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
