import { nameAttributes } from "../oids.ts";
import { Name } from "./x509.ts";

type Attribute = keyof typeof nameAttributes;

/** A name, its attributes from the root down: `{ O: "Example", CN: "Anna" }`. */
export type NameText = Readonly<Partial<Record<Attribute, string>>>;

// Told as the kind of string that it is. Of a bare text the library takes `#…` for hexadecimal, and quotes for quoting.
const kinds: Partial<Record<Attribute, "printableString" | "ia5String">> = {
  C: "printableString",
  serialNumber: "printableString",
  DC: "ia5String",
  emailAddress: "ia5String",
};

export const libraryName = (text: NameText): Name =>
  new Name(
    (Object.keys(text) as Attribute[]).map((type) => ({
      [nameAttributes[type]]: [{ [kinds[type] ?? "utf8String"]: text[type] }],
    })),
  );
