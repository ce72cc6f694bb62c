// OS versions are compared number by number ("10.9" is older than "10.10"); a missing part counts as zero.
const shape = /^\d+(\.\d+){0,3}$/;

export const isVersion = (text: string): boolean => shape.test(text);

/** Is `version` the same as `other`, or newer? `all` stands for the very first one. */
export function isAtLeast(version: string, other: string): boolean {
  if (other === "all") return true;
  const [left, right] = [version.split(".").map(Number), other.split(".").map(Number)];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
