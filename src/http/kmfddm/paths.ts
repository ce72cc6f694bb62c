/** What of `/v1` is KMFDDM's; other tools have other parts of it. */
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
