/** Where NanoCMD's API stands: profiles, inventory and workflows. */
export const nanocmdPaths = [
  "/v1/profile/*",
  "/v1/profiles",
  "/v1/inventory",
  "/inventory",
  "/v1/workflow/*",
  "/v1/event/*",
  "/v1/cmdplan/*",
  "/v1/fvenable/*",
];
