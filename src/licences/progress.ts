/** What a location's object remembers between its turns; all else lies in D1. */
export type ContentProgress = {
  /** Steps that failed, one after the other; nothing is asked before. */
  failures: number;
  restUntil: number;
};

export const newContentProgress: ContentProgress = { failures: 0, restUntil: 0 };
