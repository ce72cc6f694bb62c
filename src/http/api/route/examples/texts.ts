import { pem } from "./values.ts";

/** Bodies and answers that are no JSON, by content type. Files of bytes have no example: none could be read. */
const plist = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>\n${content}</dict></plist>\n`;

const profile = plist(`  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>com.example.clip</string>
  <key>PayloadUUID</key><string>6A1B8C9D-0E2F-4A3B-8C5D-7E9F0A1B2C3D</string>
  <key>PayloadDisplayName</key><string>Help desk</string>
  <key>PayloadContent</key><array><dict>
    <key>PayloadType</key><string>com.apple.webClip.managed</string>
    <key>PayloadVersion</key><integer>1</integer>
    <key>PayloadIdentifier</key><string>com.example.clip.help</string>
    <key>PayloadUUID</key><string>0F1E2D3C-4B5A-4968-8776-A5B4C3D2E1F0</string>
    <key>URL</key><string>https://help.example.com</string>
    <key>Label</key><string>Help</string>
  </dict></array>
`);

const command = plist(`  <key>CommandUUID</key><string>3f2504e0-4f89-41d3-9a0c-0305e82c3302</string>
  <key>Command</key><dict>
    <key>RequestType</key><string>DeviceLock</string>
    <key>Message</key><string>Please call +49 30 1234567</string>
  </dict>
`);

const base64OfPlist = "PD94bWwgdmVyc2lvbj0iMS4wIj8+Cg==";

const plistTypes = ["application/xml", "text/xml", "application/x-plist"];

/** By operation, then by content type. */
const sent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sendCommand: everyType(plistTypes, command),
  putProfile: everyType([...plistTypes, "application/x-apple-aspen-config"], profile),
  validateProfile: everyType([...plistTypes, "application/x-apple-aspen-config"], profile),
  createPushCertificate: { "application/x-pem-file": pem },
  createSigningCertificate: { "application/x-pem-file": pem },
  tokenExchange: {
    "application/x-www-form-urlencoded":
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token=eyJhbGciOiJSUzI1NiJ9…",
  },
  openMdmcertMail: { "text/plain": base64OfPlist },
};

const answered: Readonly<Record<string, string>> = {
  "application/json": '{"openapi":"3.1.0","info":{"title":"edgemdm"}}',
  "application/schema+json": '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}',
  "application/xml": plist("  <key>Status</key><string>Acknowledged</string>\n"),
  "application/x-apple-aspen-config": profile,
  "application/x-ndjson": '{"edgemdm_backup":1}\n{"table":"devices","row":{}}\n',
  "text/event-stream":
    'id: 4711\nevent: device.enrolled\ndata: {"id":4711,"event":"device.enrolled","at":"2026-11-21T08:00:00.000Z"}\n\n',
  "text/calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
  "text/plain": base64OfPlist,
  "text/html": "<!doctype html>\n<title>edgemdm API</title>",
};

export const sentText = (operationId: string, type: string): string | undefined => sent[operationId]?.[type];
export const answeredText = (type: string): string | undefined => answered[type];

function everyType(types: readonly string[], text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(types.map((type) => [type, text]));
}
