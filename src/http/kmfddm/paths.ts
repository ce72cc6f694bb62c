/** The paths under `/v1` that belong to KMFDDM; other tools use other paths there. */
export const kmfddmPaths = [
  "declarations",
  "sets",
  "set-declarations",
  "enrollment-sets",
  "enrollment-sets-all",
  "declaration-sets",
  "declaration-status",
  "status-errors",
  "status-values",
  "status-report",
  "notify",
].map((name) => `/v1/${name}/*`);
