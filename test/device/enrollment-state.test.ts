import { describe, expect, test } from "vitest";
import { ok, refuse } from "../../src/base/result.ts";
import type {
  Enrollment,
  Identity,
  IdentityPolicy,
  ListedDevice,
  VerifiedIdentity,
} from "../../src/device/identity/enrollment.ts";
import { type Claim, decideAuthenticate, decideMessage } from "../../src/device/identity/enrollment-state.ts";

const now = Date.UTC(2026, 10, 21);
const day = 24 * 60 * 60 * 1000;
const device = "00008110-000A";

const identity = (change: Partial<Identity> = {}): Identity => ({
  fingerprint: "pinned",
  generation: 1,
  notAfter: now + 300 * day,
  pinnedAt: now - 30 * day,
  retiresAt: null,
  revokedAt: null,
  revokedFor: null,
  unboundAt: null,
  renewalOf: null,
  ...change,
});

const enrolled = (change: Partial<Enrollment> = {}): Enrollment => ({
  deviceId: device,
  serial: "C02XY",
  generation: 1,
  state: "enrolled",
  pendingGeneration: null,
  identities: [identity()],
  ending: false,
  reauthenticated: false,
  ...change,
});

const unknown = enrolled({ generation: 0, state: "pending", identities: [], serial: undefined });

const vouchedFor = (change: Partial<VerifiedIdentity> = {}): VerifiedIdentity => ({
  fingerprint: "new",
  notAfter: now + 397 * day,
  issuedFor: undefined,
  renewalOf: undefined,
  claimedBy: device,
  hasServed: false,
  terms: undefined,
  ...change,
});

const policy: IdentityPolicy = { graceMs: 30 * day, overlapMs: 14 * day, allowReplacement: false };

const claim = (
  fingerprint: string,
  issued?: VerifiedIdentity,
  change: Partial<IdentityPolicy> = {},
  listed: ListedDevice | undefined = undefined,
): Claim => ({
  fingerprint,
  lookup: {
    policy: { ...policy, ...change },
    listed,
    issued: issued ? ok(issued) : refuse(untrusted),
  },
  now,
});

const listed = (change: Partial<ListedDevice> = {}): ListedDevice => ({
  state: "enrolled",
  kind: "device",
  generation: 4,
  facts: { SerialNumber: "C02XY" },
  identities: [identity({ generation: 4 })],
  channels: [],
  ...change,
});
/** To an object that holds nothing, of a device that the directory has. */
const toLost = (issued?: VerifiedIdentity, entry = listed(), change: Partial<IdentityPolicy> = {}): Claim =>
  claim("new", issued, change, entry);

const untrusted = { reason: "untrusted", detail: "issued by none of our authorities" };
const revoked = identity({ revokedAt: now - day, revokedFor: "keyCompromise" });
const follower = identity({ fingerprint: "follower", renewalOf: "pinned" });
const unasked = (fingerprint: string): Claim => ({ fingerprint, lookup: undefined, now });
const renewal = vouchedFor({ renewalOf: { deviceId: device, fingerprint: "pinned" } });

describe("an Authenticate", () => {
  const hear = (enrollment: Enrollment, from: Claim, serial?: string) => {
    const decision = decideAuthenticate(enrollment, from, serial);
    if (!decision.ok) return decision.refusal.reason;
    return "needs" in decision.value ? decision.value.needs : decision.value.does;
  };

  test.each<[title: string, outcome: string, enrollment: Enrollment, claim: Claim, serial?: string]>([
    ["from a stranger is decided after asking about its certificate", "look-up", unknown, unasked("new")],
    ["from a certificate nobody vouches for is refused", "identity-not-issued", unknown, claim("new")],
    [
      "from a new device claims its certificate first",
      "claim",
      unknown,
      claim("new", vouchedFor({ claimedBy: undefined })),
    ],
    ["from a new device opens its first generation", "open", unknown, claim("new", vouchedFor())],
    ["from the pinned identity is a renewal", "renew", enrolled(), unasked("pinned")],
    [
      "from the pinned identity is a renewal after a CheckOut too",
      "renew",
      enrolled({ state: "unenrolled" }),
      unasked("pinned"),
    ],
    ["from an identity issued as its renewal is a renewal", "renew", enrolled(), claim("new", renewal)],
    [
      "from a renewal that names another device is refused",
      "issued-for-another-device",
      enrolled(),
      claim("new", vouchedFor({ renewalOf: { deviceId: "somebody else" } })),
    ],
    [
      "from a renewal of an identity that was revoked for cause is refused",
      "renewal-void",
      enrolled({ identities: [revoked] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity that was revoked as superseded is a renewal",
      "renew",
      enrolled({ identities: [{ ...revoked, revokedFor: "superseded" }] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity that was unbound is refused",
      "renewal-void",
      enrolled({ identities: [identity({ unboundAt: now - day })] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity that has retired is refused",
      "renewal-void",
      enrolled({ identities: [identity({ retiresAt: now - day })] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity that another certificate follows is refused",
      "renewal-void",
      enrolled({ identities: [identity(), follower] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity whose follower was unbound is a renewal",
      "renew",
      enrolled({ identities: [identity(), { ...follower, unboundAt: now }] }),
      claim("new", renewal),
    ],
    [
      "from a renewal of an identity of another generation opens nothing, whatever it names",
      "renewal-void",
      enrolled({
        generation: 2,
        identities: [identity(), identity({ fingerprint: "newer", generation: 2 })],
      }),
      claim("new", { ...renewal, issuedFor: { udid: device } }),
    ],
    [
      "from a renewal of nothing in particular is refused",
      "renewal-void",
      unknown,
      claim("new", vouchedFor({ renewalOf: { deviceId: device } })),
    ],
    [
      "from the identity of a generation before this one is refused",
      "identity-spent",
      enrolled({ generation: 2 }),
      unasked("pinned"),
    ],
    [
      "from a certificate that has served before the object was made is refused",
      "identity-spent",
      unknown,
      claim("new", vouchedFor({ hasServed: true })),
    ],
    [
      "from an identity that was unbound is refused",
      "identity-unbound",
      enrolled({ identities: [identity({ unboundAt: now })] }),
      unasked("pinned"),
    ],
    [
      "that would replace an enrolled device without naming it is refused",
      "replacement-not-allowed",
      enrolled(),
      claim("new", vouchedFor()),
    ],
    [
      "may replace an enrolled device when settings say so",
      "open",
      enrolled(),
      claim("new", vouchedFor(), { allowReplacement: true }),
    ],
    [
      "may replace the device whose UDID its challenge names",
      "open",
      enrolled(),
      claim("new", vouchedFor({ issuedFor: { udid: device, replaces: true } })),
    ],
    [
      "may replace the device whose serial number its challenge names",
      "open",
      enrolled(),
      claim("new", vouchedFor({ issuedFor: { serial: "C02XY", replaces: true } })),
      "C02XY",
    ],
    [
      "does not replace the device that its challenge names, where no administrator minted that",
      "replacement-not-allowed",
      enrolled(),
      claim("new", vouchedFor({ issuedFor: { udid: device, serial: "C02XY" } })),
      "C02XY",
    ],
    [
      "does not replace a device by naming a serial number that only the message claims",
      "replacement-not-allowed",
      enrolled({ serial: "OTHER" }),
      claim("new", vouchedFor({ issuedFor: { serial: "C02XY", replaces: true } })),
      "C02XY",
    ],
    [
      "may follow a CheckOut without naming the device",
      "open",
      enrolled({ state: "unenrolled" }),
      claim("new", vouchedFor()),
    ],
    [
      "from a certificate issued for another UDID is refused",
      "issued-for-another-device",
      unknown,
      claim("new", vouchedFor({ issuedFor: { udid: "other" } })),
    ],
    [
      "from a certificate issued for another serial number is refused",
      "issued-for-another-device",
      unknown,
      claim("new", vouchedFor({ issuedFor: { serial: "C02XY" } })),
      "C99ZZ",
    ],
    [
      "that tells no serial number is refused where the certificate was issued for one",
      "issued-for-another-device",
      unknown,
      claim("new", vouchedFor({ issuedFor: { serial: "C02XY" } })),
    ],
    ["that renews may leave the serial number out", "renew", enrolled(), unasked("pinned")],
    [
      "that renews tells no other serial number than the enrollment began with",
      "serial-number-changed",
      enrolled(),
      unasked("pinned"),
      "C99ZZ",
    ],
    [
      "from a new renewal tells no other serial number either",
      "serial-number-changed",
      enrolled(),
      claim("new", renewal),
      "C99ZZ",
    ],
    [
      "from a certificate that serves another device is refused",
      "identity-of-another-device",
      unknown,
      claim("new", vouchedFor({ claimedBy: "other" })),
    ],
    [
      "to a lost object from the identity that the directory remembers is a renewal",
      "renew",
      unknown,
      { ...toLost(vouchedFor({ hasServed: true })), fingerprint: "pinned" },
    ],
    [
      "to a lost object from a certificate that was only claimed does not replace the device",
      "replacement-not-allowed",
      unknown,
      toLost(vouchedFor()),
    ],
    [
      "to a lost object may come from a renewal for the device, which claims it first",
      "claim",
      unknown,
      toLost({ ...renewal, claimedBy: undefined }),
    ],
    [
      "to a lost object does not replace the device without naming it",
      "replacement-not-allowed",
      unknown,
      toLost(vouchedFor({ claimedBy: undefined })),
    ],
    [
      "to a lost object may name the serial number that the directory remembers",
      "claim",
      unknown,
      toLost(vouchedFor({ claimedBy: undefined, issuedFor: { serial: "C02XY", replaces: true } })),
      "C02XY",
    ],
    [
      "to a lost object may replace the device when settings say so",
      "claim",
      unknown,
      toLost(vouchedFor({ claimedBy: undefined }), listed(), { allowReplacement: true }),
    ],
    [
      "of a device that is listed as unenrolled may come from anybody",
      "claim",
      unknown,
      toLost(vouchedFor({ claimedBy: undefined }), listed({ state: "unenrolled" })),
    ],
    [
      "from a revoked identity is refused",
      "identity-revoked",
      enrolled({ identities: [identity({ revokedAt: now })] }),
      unasked("pinned"),
    ],
    [
      "from an expired identity is refused, grace or not",
      "identity-expired",
      enrolled({ identities: [identity({ notAfter: now - day })] }),
      claim("pinned"),
    ],
    [
      "from an identity whose overlap has ended is refused",
      "identity-retired",
      enrolled({ identities: [identity({ retiresAt: now })] }),
      unasked("pinned"),
    ],
    [
      "repeated by the pending identity keeps its generation open",
      "open",
      enrolled({
        pendingGeneration: 2,
        identities: [identity(), identity({ fingerprint: "new", generation: 2 })],
      }),
      unasked("new"),
    ],
    [
      "repeated by the pending identity tells the serial number that its challenge was held against",
      "serial-number-changed",
      enrolled({
        pendingGeneration: 2,
        pendingSerial: "C02XY",
        identities: [identity(), identity({ fingerprint: "new", generation: 2 })],
      }),
      unasked("new"),
      "C99ZZ",
    ],
  ])("%s", (_, outcome, enrollment, from, serial) => {
    expect(hear(enrollment, from, serial)).toBe(outcome);
  });

  test("opens a generation that no other one has had", () => {
    const decision = decideAuthenticate(
      enrolled({ generation: 3, pendingGeneration: 4 }),
      claim("new", vouchedFor(), { allowReplacement: true }),
      undefined,
    );

    expect(decision).toMatchObject({
      value: { does: "open", identity: { fingerprint: "new", generation: 5, pinnedAt: now } },
    });
  });
});

describe("any other message", () => {
  const hear = (enrollment: Enrollment, from: Claim) => {
    const decision = decideMessage(enrollment, from);
    if (!decision.ok) return decision.refusal.reason;
    return "needs" in decision.value ? decision.value.needs : decision.value.as;
  };
  const renewed = [identity(), identity({ fingerprint: "newer", renewalOf: "pinned" })];

  test.each<[title: string, outcome: string, enrollment: Enrollment, claim: Claim]>([
    ["from the pinned identity is heard, and nobody is asked", "active", enrolled(), unasked("pinned")],
    ["from an unknown identity is decided after asking", "look-up", enrolled(), unasked("new")],
    [
      "from a renewal that was granted twice is refused",
      "renewal-void",
      enrolled({ identities: [identity(), follower] }),
      claim("new", renewal),
    ],
    [
      "from an identity that is not bound is refused",
      "identity-not-bound",
      enrolled(),
      claim("new", vouchedFor()),
    ],
    ["from a certificate nobody vouches for is refused", "identity-not-issued", enrolled(), claim("new")],
    ["from a renewed identity is heard without an Authenticate", "active", enrolled(), claim("new", renewal)],
    [
      "from a renewed identity claims it first",
      "claim",
      enrolled(),
      claim("new", { ...renewal, claimedBy: undefined }),
    ],
    [
      "from a renewed identity that serves another device is refused",
      "identity-of-another-device",
      enrolled(),
      claim("new", { ...renewal, claimedBy: "other" }),
    ],
    ["to a device that never enrolled is refused", "unknown-device", unknown, claim("new", vouchedFor())],
    [
      "to a lost object is heard from the identity that the directory remembers",
      "active",
      unknown,
      { ...toLost(vouchedFor()), fingerprint: "pinned" },
    ],
    ["to a lost object is heard from a renewal of that identity", "active", unknown, toLost(renewal)],
    [
      "to a lost object from an identity that was unbound is refused",
      "identity-unbound",
      unknown,
      {
        ...toLost(vouchedFor(), listed({ identities: [identity({ generation: 4, unboundAt: now })] })),
        fingerprint: "pinned",
      },
    ],
    [
      "to a lost object from a renewal claims it first",
      "claim",
      unknown,
      toLost({ ...renewal, claimedBy: undefined }),
    ],
    [
      "to a lost object from a certificate that nobody has claimed is refused",
      "identity-not-bound",
      unknown,
      toLost(vouchedFor({ claimedBy: undefined })),
    ],
    [
      "to a lost object from another device's identity is refused",
      "identity-not-bound",
      unknown,
      toLost(vouchedFor({ claimedBy: "other" })),
    ],
    [
      "to a lost object from a renewal that another device has claimed is refused",
      "identity-of-another-device",
      unknown,
      toLost({ ...renewal, claimedBy: "other" }),
    ],
    [
      "to a lost object from a certificate nobody vouches for is refused, and not as unknown",
      "identity-not-issued",
      unknown,
      toLost(),
    ],
    [
      "to a lost object of a device that left is refused",
      "unknown-device",
      unknown,
      toLost(vouchedFor(), listed({ state: "unenrolled" })),
    ],
    [
      "to a lost object of a device that never finished enrolling is refused",
      "unknown-device",
      unknown,
      toLost(vouchedFor(), listed({ state: "pending" })),
    ],
    [
      "to an object that holds an enrollment is not decided by the directory",
      "identity-not-bound",
      enrolled(),
      toLost(vouchedFor()),
    ],
    [
      "from the identity of a pending generation is told apart",
      "pending",
      enrolled({
        pendingGeneration: 2,
        identities: [identity(), identity({ fingerprint: "new", generation: 2 })],
      }),
      unasked("new"),
    ],
    [
      "from a revoked identity is refused",
      "identity-revoked",
      enrolled({ identities: [identity({ revokedAt: now })] }),
      unasked("pinned"),
    ],
    [
      "from an expired identity asks for the grace",
      "look-up",
      enrolled({ identities: [identity({ notAfter: now })] }),
      unasked("pinned"),
    ],
    [
      "from an identity beyond its grace is refused",
      "identity-expired",
      enrolled({ identities: [identity({ notAfter: now - 30 * day })] }),
      claim("pinned"),
    ],
    [
      "from an identity whose overlap has ended is refused",
      "identity-retired",
      enrolled({ identities: [identity({ retiresAt: now })] }),
      unasked("pinned"),
    ],
    [
      "from an identity within its overlap is heard",
      "active",
      enrolled({ identities: [identity({ retiresAt: now + 1 })] }),
      unasked("pinned"),
    ],
  ])("%s", (_, outcome, enrollment, from) => {
    expect(hear(enrollment, from)).toBe(outcome);
  });

  test("a device is taken up again in the generation that the directory remembers", () => {
    const decision = decideMessage(unknown, { ...toLost(vouchedFor()), fingerprint: "pinned" });

    expect(decision).toMatchObject({ value: { as: "active", adopts: { listed: { generation: 4 } } } });
  });

  test("from an identity in its grace is heard for its renewal only", () => {
    const late = enrolled({ identities: [identity({ notAfter: now - 29 * day })] });

    expect(decideMessage(late, claim("pinned"))).toMatchObject({ value: { as: "active", graceOnly: true } });
  });

  test("the first use of a newer identity begins the end of the older one", () => {
    const decision = decideMessage(enrolled({ identities: renewed }), claim("newer"));

    expect(decision).toMatchObject({ value: { as: "active", retires: ["pinned"] } });
  });

  test("the use of the older identity retires nothing", () => {
    const decision = decideMessage(enrolled({ identities: renewed }), unasked("pinned"));

    expect(decision).toMatchObject({ value: { as: "active", retires: [] } });
  });

  test("a renewal without an Authenticate is pinned to the active generation", () => {
    const decision = decideMessage(enrolled(), claim("new", renewal));

    expect(decision).toMatchObject({
      value: { adds: { fingerprint: "new", generation: 1 }, retires: ["pinned"] },
    });
  });
});
