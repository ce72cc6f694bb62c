// The fields of answers that the subcommands read, by the names that the API's description has for them. A subcommand can
// read no others; test/scripts/cli.node.test.ts looks each of them up in the description.

export const answers = {
  AdeAccount: ["name", "state", "organization", "token"],
  AdeDevice: ["serial_number", "model", "account", "profile", "profile_status", "device_state"],
  App: ["identifier", "name", "versions", "devices"],
  AppOnDevice: ["device_id", "name", "serial", "version"],
  AssignedProfile: ["identifier", "state", "reason"],
  Batch: ["id", "request_type", "state", "progress", "outcomes"],
  BatchEntry: ["id", "request_type", "state", "created_at"],
  BatchTarget: ["device_id", "reason", "detail"],
  ChannelDeclaration: ["identifier", "state", "reported"],
  Command: ["uuid", "request_type", "state", "origin", "queued_at", "error"],
  DeclarationEntry: ["identifier", "type", "version", "updated_at"],
  Device: [
    ...(["id", "name", "serial", "state", "platform", "os_version", "build", "model_name"] as const),
    ...(["product_name", "supervised", "encrypted", "passcode_compliant", "lost_mode"] as const),
    ...(["activation_lock", "tags", "notes", "enrolled_at", "last_seen_at"] as const),
  ],
  DeviceDetail: ["waiting_commands"],
  Event: ["id", "device_id", "name", "detail", "at"],
  Invitation: ["id", "note", "state", "uses", "max_uses", "expires_at"],
  ProblemEntry: ["urgency", "title", "what_to_do", "devices", "since"],
  Profile: ["identifier", "name", "version", "updated_at"],
  PushCertificate: ["topic", "account", "not_after"],
  PushRequest: ["id", "account"],
  Rollout: ["id", "kind", "subject", "state", "reason", "ring", "rings"],
  RolloutDetail: ["state", "reason", "rings"],
  RolloutRing: ["ring", "opened_at", "devices", "succeeded", "failed", "silent", "waiting"],
  Set: ["name", "description", "profiles", "declarations", "filter"],
  SoftwareUpdatePolicy: ["name", "platforms", "target"],
  SoftwareUpdateProgress: ["device_id", "name", "os_version", "target_version", "state"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AnswerName = keyof typeof answers;
export type Answer<Name extends AnswerName> = { readonly [Field in (typeof answers)[Name][number]]: unknown };

/** The members of an object in an answer; none where there is no object. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The items of a list in an answer; none where there is no list. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
