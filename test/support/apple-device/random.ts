import { createHash, randomBytes } from "node:crypto";

/** Where a device takes chance from. A seed makes a run repeatable. */
export type Random = {
  bytes: (length: number) => Uint8Array<ArrayBuffer>;
  uuid: () => string;
  /** From 0 up to, not including, `limit`. */
  below: (limit: number) => number;
  pick: <Item>(items: readonly Item[]) => Item;
};

export const realRandom: Random = randomFrom((length) => new Uint8Array(randomBytes(length)));

/** SHA-256 over seed and counter: the same seed tells the same story. */
export function seededRandom(seed: string | number): Random {
  let counter = 0;
  return randomFrom((length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      createHash("sha256").update(`${seed}:${counter++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  });
}

function randomFrom(bytes: Random["bytes"]): Random {
  const below = (limit: number): number => Buffer.from(bytes(6)).readUIntBE(0, 6) % limit;
  return {
    bytes,
    below,
    uuid: () => {
      const octets = Buffer.from(bytes(16));
      octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x40, 6);
      octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8);
      const digits = octets.toString("hex").toUpperCase();
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}
