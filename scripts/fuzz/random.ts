/** A whole number from 0 to below `below`. */
export type Random = (below: number) => number;

/** The same numbers for the same seed (xorshift32): a run can be repeated. */
export function randomFrom(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
