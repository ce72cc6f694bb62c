// What a folder says, what a server has, and what the two have in common: the words of `apply`, `export` and `validate`.
import type { Json } from "../../../src/declarations/canonical-json.ts";
import type { Difference } from "../../../src/declarations/difference.ts";
import type { Api, Ask } from "./api.ts";
import type { Change } from "./plan.ts";
import type { Reach, Survey } from "./reach.ts";
import type { Secrets } from "./secrets.ts";

export type Tree = { [key: string]: Json };

/** One file, read but not understood yet. */
export type Source = {
  /** From the folder on: `sets/all-macs.yaml`. */
  file: string;
  name: string;
  bytes: Uint8Array;
  form: Form;
};

export type Form = "yaml" | "json" | "mobileconfig";

/** What is wrong with a file, or odd. */
export type Finding = { file: string; pointer: string; detail: string; level: "error" | "warning" };

/** What a file wants. */
export type Thing = {
  kind: Kind;
  name: string;
  file: string;
  /** As the server would show it, secrets filled in: this is compared and sent. */
  value: Tree;
  /** The same as it stands in the file, with `${NAME}` for secrets: this is shown. */
  written: Tree;
  /** What must be there before it: `profiles/com.example.wifi`. */
  uses: readonly string[];
  /** What is sent besides, and not compared. */
  besides?: Tree;
  /** Bytes that belong to it, and their type. */
  data?: { bytes: Uint8Array; type: string };
};

/** What the server has. */
export type Current = {
  name: string;
  value: Tree;
  /** What the server calls it, where that is not its name. */
  id?: string;
};

/** A condition of the write: what was read, or that nothing is there yet. */
export type Condition = Pick<Ask, "headers">;

export type Reading = { secrets: Secrets; folder: string; options: FolderOptions };

/** What `edgemdm.yaml` says. */
export type FolderOptions = { scope: string; encrypt: readonly string[] | undefined };

/** One kind of thing that may stand in a folder. A new kind is an entry in `kinds.ts`. */
export type Kind = {
  /** The folder that its files are in; for a kind with one thing only, the name of the file. */
  place: string;
  /** In a sentence: `profile`. */
  one: string;
  isSingle?: true;
  forms: readonly Form[];
  read: (source: Source, reading: Reading) => Promise<{ thing?: Thing; findings: Finding[] }>;
  /** The address of the list, or of the one thing. */
  path: string;
  /** What is asked besides, to read one. */
  reading?: Pick<Ask, "query">;
  /** What an answer says of one, as it is compared; undefined: the server made it by itself. */
  current: (answer: Tree) => Current | undefined;
  /** All that there are, where the list does not say enough. */
  list?: (api: Api) => Promise<Current[]>;
  /** Where one is read and written, where that is not its name below the list. */
  address?: (name: string, id: string | undefined) => string;
  /** Whom it concerns; nobody unless said. */
  reach?: (survey: Survey, change: Pick<Change, "name" | "thing" | "current">) => Promise<Reach>;
  /** Said where it is not on the server, and a file cannot create it. */
  missing?: (name: string) => string;
  /** How it would change; nothing if it is as the file says. */
  differences: (api: Api, thing: Thing, current: Current) => Promise<Difference[]>;
  create: (api: Api, thing: Thing, condition: Condition) => Promise<void>;
  change: (api: Api, thing: Thing, current: Current, condition: Condition) => Promise<void>;
  /** Kinds with one thing only have none. */
  remove?: (api: Api, current: Current, condition: Condition) => Promise<void>;
  /** What is written to a file, as the kind's files say it. */
  exported: (api: Api, current: Current) => Promise<Exported | undefined>;
};

export type Exported = {
  value: Tree;
  /** Where names and values do not say it all: the file as it is. */
  file?: Uint8Array;
  /** YAML unless said. */
  form?: Form;
  /** Pointers of what must not stand in a file. */
  secrets: readonly string[];
  bytes?: { file: string; content: Uint8Array };
};

export const keyOf = (kind: Pick<Kind, "place">, name: string): string => `${kind.place}/${name}`;
