// Where the schema is known to differ from what devices send and take. Each row says why; a row whose place is gone
// from a newer release is reported, so that it can be looked at and dropped.
import type { SchemaFile } from "./checkout.ts";
import type { RawFile, RawKey } from "./raw.ts";

type List = "payloadkeys" | "responsekeys";

type Correction = {
  file: string;
  /** From the top: key names, placeholders included. */
  at: readonly string[];
  list?: List;
  why: string;
  change: (key: RawKey) => void;
};

const optional = (key: RawKey): void => {
  key.presence = "optional";
};
const oneOrMany = (key: RawKey): void => {
  key.oneOrMany = true;
};
const alsoValue =
  (value: string) =>
  (key: RawKey): void => {
    if (!key.rangelist?.includes(value)) key.rangelist = [...(key.rangelist ?? []), value];
  };

const subjectAltNames = [
  { file: "mdm/profiles/com.apple.security.scep", above: ["PayloadContent"] },
  { file: "mdm/profiles/com.apple.security.acme", above: [] },
  { file: "declarative/declarations/assets/credentials/scep", above: [] },
  { file: "declarative/declarations/assets/credentials/acme", above: [] },
].flatMap(({ file, above }) =>
  ["rfc822Name", "dNSName", "uniformResourceIdentifier"].map(
    (name): Correction => ({
      file,
      at: [...above, "SubjectAltName", name],
      why: "the schema's errata: a string or an array of strings, which the schema cannot say",
      change: oneOrMany,
    }),
  ),
);

const conditionalIds = [
  ["checkout", "UDID", "EnrollmentID"],
  ["declarativemanagement", "UDID", "EnrollmentID", "EnrollmentUserID", "UserLongName"],
  ["gettoken", "UDID", "EnrollmentID", "EnrollmentUserID", "UserLongName"],
  ["tokenupdate", "NotOnConsole", "UDID", "EnrollmentID", "EnrollmentUserID", "UserLongName"],
].flatMap(([file, ...names]) =>
  names.map(
    (name): Correction => ({
      file: `mdm/checkin/${file}`,
      at: [name],
      why: "sent by some kinds of enrollment only",
      change: optional,
    }),
  ),
);

export const corrections: readonly Correction[] = [
  ...subjectAltNames,
  {
    file: "mdm/commands/settings",
    list: "responsekeys",
    at: ["Settings"],
    why: "a device answers one dictionary for each setting",
    change: oneOrMany,
  },
  {
    file: "mdm/commands/settings",
    at: ["Settings", "DefaultApplications"],
    why: "the 27.0 seeds lost the key that says which setting this is",
    change: (key) => {
      if (key.subkeys?.some(({ key: name }) => name === "Item")) return;
      key.subkeys = [
        { key: "Item", type: "<string>", presence: "required", rangelist: ["DefaultApplications"] },
        ...(key.subkeys ?? []),
      ];
    },
  },
  {
    file: "mdm/commands/information.contentcaching",
    list: "responsekeys",
    at: ["StatusResponse", "CacheDetails", "Category Name"],
    why: "the name stands for any category",
    change: (key) => {
      key.wildcard = true;
    },
  },
  {
    file: "other/manifesturl",
    at: ["items", "items-item", "assets", "assets-item", "kind"],
    why: "the package itself has the kind that the list forgets",
    change: alsoValue("software-package"),
  },
  {
    file: "declarative/status/softwareupdate.install-state",
    at: ["softwareupdate.install-state"],
    why: "the item's text names it",
    change: alsoValue("waiting"),
  },
  {
    file: "declarative/status/migration-assistant.state",
    at: ["migration-assistant.state"],
    why: "the item's text names it",
    change: alsoValue("none"),
  },
  {
    file: "mdm/profiles/TopLevel",
    at: ["PayloadContent"],
    why: "an encrypted profile has none",
    change: optional,
  },
  {
    file: "mdm/profiles/TopLevel",
    at: ["ConsentText"],
    why: "the schema nests it one level deeper than the wire",
    change: (key) => {
      if (key.subkeys?.[0]?.key === "ConsentTextItem") key.subkeys = key.subkeys[0].subkeys ?? [];
    },
  },
  {
    file: "mdm/checkin/userauthenticate",
    at: ["DigestResponse"],
    why: "the first of the two requests has none",
    change: optional,
  },
  {
    file: "mdm/profiles/com.apple.wifi.managed",
    at: ["RoamingConsortiumOIs", "RoamingConsortiumOI"],
    why: "an identifier of 5 octets has 10 digits, which the pattern refuses",
    change: (key) => {
      delete key.format;
    },
  },
  ...conditionalIds,
];

/** Keys of an encrypted or protected profile, gone from newer schemas whose text still speaks of them. */
const profileKeys: readonly RawKey[] = [
  { key: "EncryptedPayloadContent", type: "<data>", presence: "optional" },
  { key: "HasRemovalPasscode", type: "<boolean>", presence: "optional", default: false },
  { key: "IsEncrypted", type: "<boolean>", presence: "optional", default: false },
];

/** Corrects the files in place and answers the corrections that found nothing to correct. */
export function correct(files: readonly SchemaFile[], rows = corrections): string[] {
  const byPath = new Map(files.map((file) => [file.path, file.raw]));
  const top = byPath.get("mdm/profiles/TopLevel");
  if (top) addKeys(top, profileKeys);
  return rows.flatMap(({ file, at, list = "payloadkeys", change }) => {
    const raw = byPath.get(file);
    if (!raw) return [];
    const key = find(raw[list], at);
    if (!key) return [`${file}: ${at.join(" > ")}`];
    change(key);
    return [];
  });
}

function addKeys(raw: RawFile, keys: readonly RawKey[]): void {
  raw.payloadkeys = [
    ...(raw.payloadkeys ?? []),
    ...keys.filter(({ key }) => !raw.payloadkeys?.some((known) => known.key === key)),
  ];
}

function find(keys: RawKey[] | undefined, [name, ...rest]: readonly string[]): RawKey | undefined {
  const key = keys?.find((candidate) => candidate.key === name);
  return rest.length === 0 ? key : find(key?.subkeys, rest);
}
