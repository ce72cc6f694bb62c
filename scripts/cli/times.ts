// Times as people say them.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `3 h ago`, `in 12 d`; nothing where no time is. */
export function relative(iso: unknown, now = Date.now()): string {
  if (typeof iso !== "string") return "";
  const apart = Date.parse(iso) - now;
  const length = lengthOf(Math.abs(apart));
  if (length === undefined) return "now";
  return apart < 0 ? `${length} ago` : `in ${length}`;
}

function lengthOf(ms: number): string | undefined {
  if (ms < minute) return undefined;
  if (ms < hour) return `${Math.round(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.round(ms / hour)} h`;
  return `${Math.round(ms / day)} d`;
}
