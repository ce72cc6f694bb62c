/**
 * Who enrolls how, decided by the account and the kind of device: as the person's own, or as the organization's. The
 * first rule that fits counts; where none does, a phone is the person's and a Mac the organization's.
 */
export const modelFamilies = ["iPhone", "iPad", "Mac", "RealityDevice", "AppleTV", "Watch"] as const;
export type ModelFamily = (typeof modelFamilies)[number];

/** `user`: Apple's BYOD. `account_device`: account-driven device enrollment. */
export const accountKinds = ["user", "account_device"] as const;
export type AccountKind = (typeof accountKinds)[number];

export type AccountRule = {
  /** Whole, or `@` and a domain; absent: anybody. */
  account?: string;
  family?: ModelFamily;
  kind: AccountKind | "refuse";
};

const usual: Record<ModelFamily, AccountRule["kind"]> = {
  iPhone: "user",
  iPad: "user",
  RealityDevice: "user",
  Mac: "account_device",
  // Neither has an account-driven enrollment.
  AppleTV: "refuse",
  Watch: "refuse",
};

/** What a device can be enrolled as, whatever a rule says. */
const possible = (family: ModelFamily): boolean => usual[family] !== "refuse";

export function kindFor(
  rules: readonly AccountRule[],
  account: string,
  family: ModelFamily,
): AccountRule["kind"] {
  if (!possible(family)) return "refuse";
  const name = account.toLowerCase();
  const rule = rules.find((one) => fits(one, name) && (one.family ?? family) === family);
  return rule?.kind ?? usual[family];
}

const fits = ({ account }: AccountRule, name: string): boolean =>
  account === undefined || (account.startsWith("@") ? name.endsWith(account) : name === account);

/** Of a product name such as `iPhone15,2`. */
export function familyOf(product: string): ModelFamily {
  if (product.startsWith("iPhone") || product.startsWith("iPod")) return "iPhone";
  if (product.startsWith("iPad")) return "iPad";
  if (product.startsWith("AppleTV")) return "AppleTV";
  if (product.startsWith("Watch")) return "Watch";
  if (product.startsWith("RealityDevice")) return "RealityDevice";
  return "Mac";
}

export const isFamily = (name: string): name is ModelFamily => modelFamilies.some((one) => one === name);

/** Apple's names of the two, as service discovery tells them. */
export const versions = { user: "mdm-byod", account_device: "mdm-adde" } as const satisfies Record<
  AccountKind,
  string
>;

/** An app that signs people in, and what devices get for it before anybody has signed in: names of the library. */
export type EnrollmentSso = {
  /** Its number in the App Store. */
  app: number;
  associated_domains?: readonly string[];
  direct_downloads?: boolean;
  profile?: string;
  declarations?: readonly string[];
};
