import type { Expected } from "./judge.ts";

/** What devices and people ask, from outside; without a secret, and so that nothing is kept of it. */
export type Probe = {
  name: string;
  method: "GET" | "PUT";
  path: string;
  headers: Record<string, string>;
  body?: string;
  expected: Expected;
};

const idle = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>selftest</string></dict></plist>`;

const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

export const probes: readonly Probe[] = [
  {
    name: "scep",
    method: "GET",
    path: "/scep?operation=GetCACaps",
    headers: { "User-Agent": "com.apple.mdmclient" },
    expected: { statuses: [200], says: /SHA-256/ },
  },
  {
    // Some of Apple's agents do not say who they are.
    name: "scep-nameless",
    method: "GET",
    path: "/scep?operation=GetCACaps",
    headers: { "User-Agent": "" },
    expected: { statuses: [200], says: /SHA-256/ },
  },
  {
    // It looks signed, and is not: this server refuses it before it keeps anything.
    name: "connect",
    method: "PUT",
    path: "/mdm",
    headers: {
      "User-Agent": "MDM/1.0",
      "Content-Type": "application/x-apple-aspen-mdm; charset=UTF-8",
      "Mdm-Signature": "MIAGCSqGSIb3DQEHAqCAMIACAQE=",
    },
    body: idle,
    expected: { statuses: [400, 403] },
  },
  {
    name: "enrollment-page",
    method: "GET",
    path: "/enroll",
    headers: { "User-Agent": phone, Accept: "text/html" },
    expected: { statuses: [200, 404] },
  },
];
