/** Where NanoDEP's tools look: its API, and Apple's behind it. */
export const nanodepPaths = [
  "/v1/tokenpki/*",
  "/v1/tokens/*",
  "/v1/assigner/*",
  "/v1/config/*",
  "/v1/dep_names",
  "/v1/maidjwt/*",
  "/v1/bypasscode",
  "/proxy/*",
];
