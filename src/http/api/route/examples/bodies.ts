/**
 * An example for each JSON body, by the name of its schema. They are sent to the real Worker by a test, in which no device,
 * profile or set with these names exists.
 */
const device = "0b4cf1a8-6f0d-4a5e-9c0b-3d1f6a2e7b90";
const serials = ["F2LXK0ABCDE1", "F2LXK0ABCDE2"];
const credential = {
  pkcs12: "MIIJKgIBAzCCCOYGCSqGSIb3DQEHAaCCCNcEggjTMIIIzzCCBYYGCSqGSIb3DQEHAaCCBXcEggVz",
  password: "the password of the file",
};

const contentToken = "eyJ0b2tlbiI6Ikh5…IiwiZXhwRGF0ZSI6IjIwMjctMTEtMjFUMDg6MDA6MDArMDAwMCJ9";

export const bodies: Readonly<Record<string, unknown>> = {
  NewAdeAccount: { name: "school" },
  AdeAccountPatch: { user_agent: "edgemdm" },
  AdeProfileKeys: {
    profile_name: "Phones",
    is_supervised: true,
    is_mdm_removable: false,
    skip_setup_items: ["Siri"],
  },
  AdeRules: { rules: [{ profile: "macs", families: ["Mac"] }], default_profile: "phones" },
  NewAdeDiscovery: { url: "https://mdm.example.com/.well-known/com.apple.remotemanagement" },
  NewActivationLock: { serial_number: serials[0], lost_message: "Please call +49 30 1234567" },
  AdeAssignment: { serial_numbers: serials, profile: "phones" },
  AdeSerialNumbers: { serial_numbers: serials },
  AdeDisowning: { serial_numbers: serials, confirm: serials.length },
  NewAdministratorInvitation: { email: "ben@example.com", role: "operator" },
  NewAdministratorSignIn: {
    kind: "oidc",
    issuer: "https://login.example.com",
    client_id: "edgemdm-administrators",
    client_secret: "correct horse battery staple",
    rules: [{ group: "it-team", role: "operator" }],
  },
  NewApp: {
    source: { manifest: { url: "https://apps.example.com/notes.plist", bundle_id: "com.example.notes" } },
    configuration: { server: "https://notes.example.com", user: "{{user.email}}" },
    behaviour: { updates: { from: "22:00", until: "05:00" } },
  },
  NewContentLocation: { name: "berlin", token: contentToken },
  NewContentToken: { token: contentToken },
  LicenceWish: { assets: [{ adam_id: "618783545" }], serial_numbers: serials },
  LicenceHolders: { serial_numbers: serials },
  ContentUserFacts: { managed_apple_id: "ada@school.example.com" },
  NewApiAccount: {
    name: "school",
    client_id: "BUSINESSAPI.9703f56c-10ce-4876-8f59-e78e5e23a152",
    key_id: "9f3c2a1b-4d5e-4f60-8a7b-1c2d3e4f5a6b",
    private_key: "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIJ…\n-----END EC PRIVATE KEY-----\n",
  },
  NewApiKey: {
    client_id: "BUSINESSAPI.9703f56c-10ce-4876-8f59-e78e5e23a152",
    key_id: "9f3c2a1b-4d5e-4f60-8a7b-1c2d3e4f5a6b",
    private_key: "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIJ…\n-----END EC PRIVATE KEY-----\n",
  },
  NewAuthority: { if_none: true },
  ApiAccountPatch: { reads_coverage: false },
  ApiMove: {
    serial_numbers: serials,
    confirm: serials.length,
    server_id: "D7C9F0A1B2C34D5E8F60718293A4B5C6",
    deadline: null,
  },
  ApiMoveCancelling: { serial_numbers: serials, confirm: serials.length },
  ApiMoveDeadline: {
    serial_numbers: serials,
    confirm: serials.length,
    deadline: "2026-12-15T17:00:00Z",
  },
  AuthorityChange: { issuing: true },
  NewBatch: {
    request_type: "DeviceInformation",
    payload: { Queries: ["OSVersion", "BatteryLevel"] },
    targets: { filter: { platform: "ios", tag: "class-7b" } },
  },
  Revocation: { reason: "keyCompromise" },
  NewDeclaration: {
    type: "com.apple.configuration.passcode.settings",
    payload: { RequirePasscode: true, MinimumLength: 6 },
  },
  DeviceChange: { notes: "Screen replaced in May", tags: ["class-7b"], attributes: { location: "Berlin" } },
  NewCommand: {
    request_type: "DeviceLock",
    payload: { Message: "Please call +49 30 1234567" },
    priority: "high",
  },
  Unenrollment: { method: "profile" },
  SetsOfChannel: { sets: ["phones"] },
  NewChallenge: { serial: "F2LXK0ABCDE1", expires_in: 3600 },
  NewInvitation: { max_uses: 30, note: "class 7b" },
  EnrollmentSettingsPatch: {
    profile: { PayloadDisplayName: "Example", ConsentText: { default: "The school manages this device." } },
    challenge_hours: 24,
  },
  NewEscrowCertificate: { if_none: true },
  PostureQuestion: {
    devices: [{ device_id: "4f2c1d9e-cloudflare-device", serial_number: "F2LXK0ABCDE1" }],
  },
  ProfileContent: {
    PayloadDisplayName: "Wi-Fi",
    PayloadContent: [
      {
        PayloadType: "com.apple.wifi.managed",
        PayloadDisplayName: "Wi-Fi",
        SSID_STR: "Example",
        EncryptionType: "WPA2",
        Password: "correct horse battery staple",
      },
    ],
  },
  NewPushRequest: { account: "push@example.com", common_name: "Example", country: "DE" },
  VendorCredential: credential,
  MailTest: { to: "ada@example.com", language: "de" },
  MdmcertOrder: { email: "it@example.com", api_key: "0123456789abcdef" },
  NewPushCertificate: { ...credential, account: "push@example.com" },
  PushCertificateChange: { account: "push@example.com" },
  NewPushVendor: credential,
  NewSet: {
    description: "All phones of class 7b",
    profiles: [],
    declarations: [],
    filter: { platform: "ios" },
    device_name: "{{user.name}}, {{device.serial_number}}",
  },
  NewPackageUpload: { kind: "pkg", size: 314_572_800 },
  NewPerson: { email: "ada@example.com", name: "Ada Lovelace", department: "Mathematics" },
  PersonChange: { department: "Sales" },
  NewAttribute: { type: "choice", description: "Where it stands", choices: ["Berlin", "Paris"] },
  HoldersChange: { give: [device], take: [] },
  SettingsPatch: {
    organization: "Example",
    organization_email: "it@example.com",
    organization_color: "#0a58ca",
  },
  NewSignInProvider: {
    kind: "oidc",
    issuer: "https://login.example.com",
    client_id: "edgemdm",
    client_secret: "correct horse battery staple",
  },
  NewSigningCertificate: credential,
  NewSoftwareUpdatePolicy: {
    platforms: ["ios", "ipados"],
    rollout: "standard",
    target: { kind: "latest", days_after_release: 14 },
  },
  NewOsRelease: { released_at: "2026-11-19T18:00:00Z" },
  NewToken: { name: "deployment", role: "operator", rights: ["read-escrow"] },
  TokenChange: { name: "deployment of the school" },
  TokenRotation: { overlap_minutes: 60 },
  NewTokenExchangeRule: {
    name: "deployment",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:acme/devices:ref:refs/heads/main",
    role: "operator",
  },
  NewWebhook: { name: "chat", url: "https://hooks.example.com/edgemdm", topics: ["device.*", "problem.*"] },
  WebhookPatch: { topics: ["device.enrolled"] },
  NewWebhookSecret: { overlap_hours: 24 },
  DeadLettersToReplay: { event_ids: [4711, 4712] },
  ReplayFrom: { after: 4700 },
};
