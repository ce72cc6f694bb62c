/**
 * What the catalogue knows, in the words of Apple's device-management schema (docs/schema.md of that repository):
 * an attribute that exists there keeps its name here. Structure is ours: a dictionary has `keys`, an array `items`
 * (its placeholder name is not on the wire and is not kept), and a recursive structure is a real cycle of objects.
 */
export type Platform = "ios" | "macos" | "tvos" | "visionos" | "watchos";

export const platforms: readonly Platform[] = ["ios", "macos", "tvos", "visionos", "watchos"];

export const kinds = [
  "checkins",
  "commands",
  "errors",
  "profiles",
  "declarations",
  "credentials",
  "status-items",
  "structures",
] as const;

/** `structures` are shapes without an identity of their own: skip keys, machine info, the declaration's envelope… */
export type Kind = (typeof kinds)[number];

export type Mode = "allowed" | "forbidden" | "required" | "ignored";

export type OsFacts = {
  /** A version, or `all`. */
  introduced?: string;
  deprecated?: string;
  /** A version; `0` means that it never worked. */
  removed?: string;
  accessrights?: string;
  multiple?: boolean;
  devicechannel?: boolean;
  userchannel?: boolean;
  supervised?: boolean;
  requiresdep?: boolean;
  userapprovedmdm?: boolean;
  allowmanualinstall?: boolean;
  "always-skippable"?: boolean;
  "allowed-enrollments"?: string[];
  "allowed-scopes"?: string[];
  sharedipad?: {
    mode?: Mode;
    devicechannel?: boolean;
    userchannel?: boolean;
    "allowed-scopes"?: string[];
  };
  userenrollment?: { mode?: Mode; behavior?: string };
};

/** Per platform; null where it does not exist there (`introduced: n/a`). */
export type OsTable = { readonly [platform in Platform]?: OsFacts | null };

export type ValueType =
  | "string"
  | "integer"
  | "real"
  | "boolean"
  | "data"
  | "date"
  | "array"
  | "dictionary"
  | "any";

export type Scalar = string | number | boolean;

export type ValueSpec = {
  type: ValueType;
  default?: Scalar;
  rangelist?: readonly Scalar[];
  range?: { min?: number; max?: number };
  /** A regular expression that a string must match. */
  format?: string;
  /** How many elements an array has. */
  repetition?: { min?: number; max?: number };
  combinetype?: string;
  assettypes?: readonly string[];
  "asset-content-types"?: readonly string[];
  subtype?: string;
  valuetype?: string;
  /** Overrides of what the whole entry says, attribute by attribute. */
  os?: OsTable;
  /** A dictionary's members; absent when any member is welcome. */
  keys?: readonly KeySpec[];
  /** An array's element; absent when any element is welcome. */
  items?: ValueSpec;
  /** The element is one of these dictionaries, told apart by the value of their key `tag`. */
  alternatives?: { tag: string; of: readonly KeySpec[] };
  /** The strings allowed, each with its own conditions. */
  choices?: readonly { value: string; os?: OsTable }[];
  /** Devices also take an array of such values where the schema names the plain value. */
  oneOrMany?: true;
};

export type KeySpec = ValueSpec & {
  name: string;
  required?: true;
  /** The name is a placeholder: this is the shape of every member that no sibling names. */
  wildcard?: true;
};

export type Reason = {
  value: string;
  details: readonly { name: string; type: ValueType; valuetype?: string }[];
};

export type Entry = {
  kind: Kind;
  /** RequestType, PayloadType, declaration type, status item name, error code. */
  id: string;
  /** The file it comes from, without ending. Two payload types come from several files. */
  file: string;
  os: OsTable;
};

export type Spec = Entry & {
  keys: readonly KeySpec[];
  /** What a device answers, beside the status that every answer carries. */
  response?: readonly KeySpec[];
  apply?: "single" | "multiple" | "combined";
  beta?: true;
  reasons?: readonly Reason[];
  "related-status-items"?: readonly string[];
};
