/**
 * What a device needs to reach the server: a mistake in it can cut the device off, and no command brings it back. A
 * certificate belongs to it if a payload of the same profile needs it, because payloads refer to certificates only within
 * their profile.
 */
export const connectivityParts = [
  "wi-fi",
  "ethernet",
  "vpn",
  "cellular",
  "content-filter",
  "dns",
  "proxy",
  "relay",
  "certificate",
] as const;
export type ConnectivityPart = (typeof connectivityParts)[number];

const byType: readonly [RegExp, ConnectivityPart][] = [
  [/^com\.apple\.wifi\.managed$/, "wi-fi"],
  [/^com\.apple\.(global|first|second|third)(active)?ethernet\.managed$/, "ethernet"],
  [/^com\.apple\.vpn\.managed(\.|$)/, "vpn"],
  [/^com\.apple\.cellular(privatenetwork\.managed)?$/, "cellular"],
  [/^com\.apple\.(webcontent-filter|familycontrols\.contentfilter)$/, "content-filter"],
  [/^com\.apple\.dns(Settings|Proxy)\.managed$/, "dns"],
  [/^com\.apple\.(proxy\.http\.global|SystemConfiguration)$/, "proxy"],
  [/^com\.apple\.relay\.managed$/, "relay"],
];

const certificate = /^com\.apple\.(security\.(root|pem|pkcs1|pkcs12|scep|acme)|ADCertificate\.managed)$/;

/** By the PayloadType of each payload; empty: the profile changes nothing of the network. */
export function connectivityOf(payloadTypes: readonly string[]): ConnectivityPart[] {
  const parts = new Set(
    payloadTypes.flatMap((type) => byType.flatMap(([form, part]) => (form.test(type) ? [part] : []))),
  );
  if (parts.size > 0 && payloadTypes.some((type) => certificate.test(type))) parts.add("certificate");
  return connectivityParts.filter((part) => parts.has(part));
}
