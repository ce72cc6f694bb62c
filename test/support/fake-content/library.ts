import { toBase64, utf8 } from "../../../src/base/bytes.ts";
import type { FakeSubscription } from "./subscriptions.ts";

export type FakeAsset = {
  adamId: string;
  pricingParam: string;
  productType: "App" | "Book";
  supportedPlatforms: string[];
  deviceAssignable: boolean;
  revocable: boolean;
  totalCount: number;
  /** What the store says of it. */
  store: { name: string; bundleId: string; version: string; externalId: number };
};

export type FakeAssignment = {
  adamId: string;
  pricingParam: string;
  serialNumber?: string;
  clientUserId?: string;
  /** The version of the library at which it came. */
  since: number;
};

export type FakeUser = {
  clientUserId: string;
  email?: string;
  managedAppleId?: string;
  status: "Registered" | "Associated" | "Retired";
  inviteCode?: string;
  since: number;
};

export type FakeEvent = {
  id: string;
  type: "ASSOCIATE" | "DISASSOCIATE" | "REVOKE" | "CREATE" | "UPDATE" | "RETIRE";
  run: () => object[];
  status: "PENDING" | "COMPLETE" | "FAILED";
  failures: object[];
  /** So many looks before it ends. */
  looksLeft: number;
};

export type FakeToken = { file: string; expiresAt: number; isRevoked: boolean };

/** One location of Apple's portal: what was bought, who has it, and which server says that it manages it. */
export class FakeLibrary {
  readonly uId = crypto.randomUUID();
  readonly name: string;
  readonly assets = new Map<string, FakeAsset>();
  readonly assignments = new Map<string, FakeAssignment>();
  readonly users = new Map<string, FakeUser>();
  readonly events = new Map<string, FakeEvent>();
  readonly subscriptions: FakeSubscription[] = [];
  readonly tokens: FakeToken[] = [];
  mdmInfo: { id: string; name: string; metadata: string } | undefined;
  notificationUrl: string | undefined;
  notificationAuthToken: string | undefined;
  notificationTypes: string[] = [];
  version = 1;
  /** What Apple says of an asset's count, where it contradicts its own list. */
  readonly wrongCounts = new Map<string, { assignedCount: number; availableCount: number }>();

  constructor(name: string) {
    this.name = name;
  }

  /** What a content manager downloads. */
  issueToken(lastsMs = 365 * 24 * 60 * 60 * 1000, now = Date.now()): string {
    const expiresAt = Math.floor((now + lastsMs) / 1000) * 1000;
    const inner = {
      token: toBase64(crypto.getRandomValues(new Uint8Array(24))),
      expDate: new Date(expiresAt).toISOString().replace(".000Z", "+0000"),
      orgName: this.name,
    };
    const file = toBase64(utf8(JSON.stringify(inner)));
    this.tokens.push({ file, expiresAt, isRevoked: false });
    return file;
  }

  buy(adamId: string, totalCount: number, more: Partial<FakeAsset> = {}): FakeAsset {
    const asset: FakeAsset = {
      adamId,
      pricingParam: "STDQ",
      productType: "App",
      supportedPlatforms: ["iOS"],
      deviceAssignable: true,
      revocable: true,
      totalCount,
      store: {
        name: `App ${adamId}`,
        bundleId: `com.example.app${adamId}`,
        version: "1.2",
        externalId: 812345,
      },
      ...more,
    };
    this.assets.set(keyOf(asset), asset);
    this.touch();
    return asset;
  }

  touch(): number {
    this.version += 1;
    return this.version;
  }

  assignedTo({ adamId, pricingParam }: { adamId: string; pricingParam: string }): FakeAssignment[] {
    return [...this.assignments.values()].filter(
      (one) => one.adamId === adamId && one.pricingParam === pricingParam,
    );
  }

  /** By hand, or by another server. */
  assign(adamId: string, serialNumber: string): void {
    const key = { adamId, pricingParam: "STDQ", serialNumber };
    this.assignments.set(holderKey(key), { ...key, since: this.touch() });
  }

  /** It is there no more, and no list of changes says so. */
  lose(adamId: string, serialNumber: string): void {
    this.assignments.delete(holderKey({ adamId, pricingParam: "STDQ", serialNumber }));
    this.touch();
  }

  holders(adamId: string): string[] {
    return this.assignedTo({ adamId, pricingParam: "STDQ" })
      .map(({ serialNumber, clientUserId }) => serialNumber ?? clientUserId ?? "")
      .sort();
  }
}

export const keyOf = ({ adamId, pricingParam }: { adamId: string; pricingParam: string }): string =>
  `${adamId} ${pricingParam}`;

export const holderKey = (one: {
  adamId: string;
  pricingParam: string;
  serialNumber?: string;
  clientUserId?: string;
}): string => `${keyOf(one)} ${one.serialNumber ?? ""} ${one.clientUserId ?? ""}`;
