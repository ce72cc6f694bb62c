/** `/devices/:id` against `/devices/7`: what stands for the names; undefined: another page. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const open = wanted.at(-1)?.endsWith("?") === true;
  if (given.length !== wanted.length && !(open && given.length === wanted.length - 1)) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    if (!part.startsWith(":")) {
      if (part !== value) return undefined;
    } else if (value !== undefined) {
      const decoded = decode(value);
      if (decoded === undefined) return undefined;
      found[part.replace(/^:|\?$/g, "")] = decoded;
    }
  }
  return found;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
