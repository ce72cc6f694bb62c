// A file of Wycheproof's made small: of each kind of vector a few, with the fields that are looked at.
import type { VectorFile } from "../../test/support/wycheproof.ts";

type Group = VectorFile["testGroups"][number];
type Vector = Group["tests"][number];

const mostOfAKind = 2;
const largeMessage = 2_000;

export function compactVectors({ testGroups }: VectorFile): string {
  const counts = new Map<string, number>();
  const isKept = (vector: Vector): boolean => {
    const kind = JSON.stringify([vector.flags, vector.result, kindOf(vector)]);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= mostOfAKind && (vector.msg ?? "").length < largeMessage;
  };
  const groups = testGroups
    .map((group) => ({ ...lean(group), tests: group.tests.filter(isKept).map(leanVector) }))
    .filter(({ tests }) => tests.length > 0)
    .map(({ tests, ...group }) => `${JSON.stringify(group).slice(0, -1)},"tests":[\n${lines(tests)}\n]}`);
  return `{"testGroups":[\n${groups.join(",\n")}\n]}\n`;
}

/** Comments tell kinds apart where flags do not; numbers in them count vectors of one kind. */
const kindOf = (vector: Vector & { comment?: string }): string =>
  (vector.comment ?? "").replaceAll(/\d+/g, "0");

const lines = (tests: readonly object[]): string => tests.map((test) => JSON.stringify(test)).join(",\n");

function lean(group: Group): Omit<Group, "tests"> {
  const { type, keySize, ivSize, tagSize, sha, mgfSha, curve, publicKeyDer, privateKeyPkcs8 } = group;
  const { publicKey, publicKeyAsn, privateKey } = group;
  const named = { publicKeyAsn, publicKeyDer, ...(typeof publicKey === "object" && publicKey) };
  return {
    type,
    ...present({ keySize, ivSize, tagSize, sha, mgfSha, curve, privateKeyPkcs8 }),
    ...present({ publicKeyDer: named.publicKeyDer }),
    ...(type.startsWith("RsassaPss") && present({ publicKeyAsn: named.publicKeyAsn })),
    ...(typeof privateKey === "object" && {
      privateKey: { modulus: privateKey.modulus, publicExponent: privateKey.publicExponent },
    }),
  };
}

function leanVector(vector: Vector): object {
  const { tcId, flags, result, msg, sig, key, iv, aad, ct, tag, label, shared } = vector;
  const keys = { public: vector.public, private: vector.private };
  return present({ tcId, flags, result, msg, sig, key, iv, aad, ct, tag, label, ...keys, shared });
}

const present = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
