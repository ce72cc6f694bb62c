/** How much a reader takes before it refuses. Checked while reading: nothing is built beyond a limit. */
export type PlistLimits = {
  /** Size of the input. */
  bytes: number;
  /** Dictionaries and arrays within each other. */
  depth: number;
  /** Values in all; an object that a binary property list shares counts each time it is used. */
  nodes: number;
};

/**
 * 10 MB of an application list hold some 210,000 values. The worst that fits, a quarter of a million empty dictionaries,
 * takes 60 MB of the 128 that an isolate has.
 */
export const defaultLimits: PlistLimits = { bytes: 10 * 1024 * 1024, depth: 100, nodes: 250_000 };
