/** The known name that somebody probably meant: the same in other letter case, or a slip or two away. */
export function nearMiss(name: string, known: Iterable<string>): string | undefined {
  // Beyond this length nobody mistypes a name: it is something else.
  if (name.length === 0 || name.length > 100) return undefined;
  const lower = name.toLowerCase();
  let best: string | undefined;
  let least = Math.min(3, Math.max(1, Math.floor(name.length / 4))) + 1;
  for (const candidate of known) {
    const distance = slips(lower, candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
    if (distance === 0) break;
  }
  return best;
}

/** Damerau-Levenshtein distance (neighbours swapped count as one); `limit` for anything that is not below it. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(above, column - 1) + (same ? 0 : 1),
        at(above, column) + 1,
        at(current, column - 1) + 1,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    [before, above] = [above, current];
  }
  return Math.min(at(above, b.length), limit);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
