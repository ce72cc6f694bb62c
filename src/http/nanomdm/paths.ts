/** Where NanoMDM's API stands. KMFDDM and NanoDEP have other parts of `/v1`. */
export const nanomdmPaths = [
  "/v1/pushcert",
  "/v1/push/*",
  "/v1/enqueue/*",
  "/v1/escrowkeyunlock",
  "/migration",
];
