import { type FakeEvent, type FakeLibrary, type FakeUser, holderKey, keyOf } from "./library.ts";
import { ContentRefused } from "./refusal.ts";

// What is written at Apple's service: checked at once as far as Apple checks at once, done later.

export type FakeLimits = {
  maxAssets: number;
  maxUsers: number;
  maxClientUserIds: number;
  maxSerialNumbers: number;
  maxRevokeClientUserIds: number;
  maxRevokeSerialNumbers: number;
};

type Body = Record<string, unknown>;
type Holder = { serialNumber?: string; clientUserId?: string };

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What a request orders. Its `run` is called when Apple gets to it, and gives what failed. */
export function orderOf(
  library: FakeLibrary,
  what: "associate" | "disassociate" | "revoke",
  body: Body,
  limits: FakeLimits,
): Pick<FakeEvent, "type" | "run"> & { touched: () => object[] } {
  const serials = texts(body.serialNumbers);
  const ids = texts(body.clientUserIds);
  const isRevoke = what === "revoke";
  if (serials.length > (isRevoke ? limits.maxRevokeSerialNumbers : limits.maxSerialNumbers))
    throw new ContentRefused(9702);
  if (ids.length > (isRevoke ? limits.maxRevokeClientUserIds : limits.maxClientUserIds))
    throw new ContentRefused(9701);
  if (new Set(serials).size < serials.length) throw new ContentRefused(9705);
  if (new Set(ids).size < ids.length) throw new ContentRefused(9704);
  if (serials.length + ids.length === 0) throw new ContentRefused(9719);
  const holders: Holder[] = [
    ...serials.map((serialNumber) => ({ serialNumber })),
    ...ids.map((clientUserId) => ({ clientUserId })),
  ];
  if (isRevoke) {
    const run = () => {
      for (const [key, one] of library.assignments)
        if (
          holders.some(
            (holder) => holder.serialNumber === one.serialNumber && holder.clientUserId === one.clientUserId,
          )
        )
          library.assignments.delete(key);
      library.touch();
      return [];
    };
    return { type: "REVOKE", run, touched: () => [] };
  }
  const given = Array.isArray(body.assets) ? (body.assets as Body[]) : [];
  if (given.length === 0) throw new ContentRefused(9718);
  if (given.length > limits.maxAssets) throw new ContentRefused(9700);
  const assets = given.map(({ adamId, pricingParam = "STDQ" }) => ({
    adamId: String(adamId),
    pricingParam: String(pricingParam),
  }));
  if (new Set(assets.map(keyOf)).size < assets.length) throw new ContentRefused(9703);
  for (const key of assets) {
    const asset = library.assets.get(keyOf(key));
    if (!asset) throw new ContentRefused(9602, { assets: [key] });
    if (what === "associate" && serials.length > 0 && !asset.deviceAssignable)
      throw new ContentRefused(9707, { assets: [key] });
    if (what === "disassociate" && !asset.revocable) throw new ContentRefused(9706, { assets: [key] });
  }
  const unknown = ids.filter((id) => (library.users.get(id)?.status ?? "Retired") === "Retired");
  if (unknown.length > 0) throw new ContentRefused(9609, { clientUserIds: unknown });
  const pairs = assets.flatMap((key) => holders.map((holder) => ({ ...key, ...holder })));
  const run = () => (what === "associate" ? associate(library, pairs) : disassociate(library, pairs));
  return { type: what === "associate" ? "ASSOCIATE" : "DISASSOCIATE", run, touched: () => pairs };
}

type Pair = { adamId: string; pricingParam: string } & Holder;

function associate(library: FakeLibrary, pairs: readonly Pair[]): object[] {
  const failures: object[] = [];
  for (const [, wanted] of Map.groupBy(pairs, keyOf)) {
    const [first] = wanted;
    const asset = first && library.assets.get(keyOf(first));
    if (!first || !asset) continue;
    const fresh = wanted.filter((pair) => !library.assignments.has(holderKey(pair)));
    const left = asset.totalCount - library.assignedTo(first).length;
    if (fresh.length > left) {
      failures.push({
        errorNumber: 9709,
        errorMessage: "Not enough licenses",
        errorInfo: { assets: [{ adamId: first.adamId, pricingParam: first.pricingParam }] },
      });
      continue;
    }
    for (const pair of fresh) library.assignments.set(holderKey(pair), { ...pair, since: library.touch() });
  }
  return failures;
}

function disassociate(library: FakeLibrary, pairs: readonly Pair[]): object[] {
  for (const pair of pairs) library.assignments.delete(holderKey(pair));
  library.touch();
  return [];
}

export function usersOrderOf(
  library: FakeLibrary,
  what: "create" | "update" | "retire",
  body: Body,
  limits: FakeLimits,
): Pick<FakeEvent, "type" | "run"> & { touched: () => object[] } {
  const users = Array.isArray(body.users) ? (body.users as Partial<FakeUser>[]) : [];
  if (users.length === 0) throw new ContentRefused(9720);
  if (users.length > limits.maxUsers) throw new ContentRefused(9714);
  if (new Set(users.map(({ clientUserId }) => clientUserId)).size < users.length)
    throw new ContentRefused(9715);
  if (users.some(({ email }) => email !== undefined && !email.includes("@"))) throw new ContentRefused(9717);
  const run = () => users.flatMap((user) => writeUser(library, what, user));
  const touched = () => users.flatMap(({ clientUserId = "" }) => library.users.get(clientUserId) ?? []);
  return { type: what.toUpperCase() as FakeEvent["type"], run, touched };
}

function writeUser(library: FakeLibrary, what: string, user: Partial<FakeUser>): object[] {
  const clientUserId = user.clientUserId ?? "";
  const known = library.users.get(clientUserId);
  const refused = (errorNumber: number) => [
    { errorNumber, errorMessage: "no", errorInfo: { clientUserIds: [clientUserId] } },
  ];
  if (what === "create" && known && known.status !== "Retired") return refused(9716);
  if (what !== "create" && (!known || known.status === "Retired")) return refused(9609);
  const since = library.touch();
  if (what === "retire") {
    library.users.set(clientUserId, { clientUserId, status: "Retired", since });
    for (const [key, one] of library.assignments)
      if (one.clientUserId === clientUserId && library.assets.get(keyOf(one))?.revocable)
        library.assignments.delete(key);
    return [];
  }
  const { email, managedAppleId } = user;
  const isManaged = managedAppleId !== undefined;
  library.users.set(clientUserId, {
    clientUserId,
    status: isManaged ? "Associated" : "Registered",
    since,
    ...(email !== undefined && { email }),
    ...(isManaged ? { managedAppleId } : { inviteCode: `code-${clientUserId}` }),
  });
  return [];
}
