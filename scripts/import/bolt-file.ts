// A BoltDB file (https://github.com/etcd-io/bbolt), read whole: its top buckets with their keys and values. Nothing is locked
// and nothing is written, so a copy of the file is what should be read.
//
// The surprise: the file has two heads, and a crash may have broken one of them; the sound one with the higher transaction is
// the file's state. A small bucket has no page of its own and stands inside the value that names it.
import { Trouble } from "../trouble.ts";

export type Bucket = ReadonlyMap<string, Buffer>;

const magic = 0xed0cdaed;
const pageHeader = 16;
const elementSize = 16;
const bucketHeader = 16;
const isBranch = 1;
const isLeaf = 2;
const isBucket = 1;
/** No tree of this kind is so deep; one that is has a page that names itself. */
const deepest = 40;

export function readBoltFile(file: Buffer): ReadonlyMap<string, Bucket> {
  try {
    const meta = newestMeta(file);
    const pageOf = (id: number): Buffer => file.subarray(id * meta.pageSize);
    const buckets = entriesOf(pageOf(meta.root), pageOf).filter(({ flags }) => flags === isBucket);
    return new Map(
      buckets.map(({ key, value }) => {
        const root = numberAt(value, 0);
        const top = root === 0 ? value.subarray(bucketHeader) : pageOf(root);
        const plain = entriesOf(top, pageOf).filter(({ flags }) => flags !== isBucket);
        return [key.toString(), new Map(plain.map((entry) => [entry.key.toString(), entry.value]))];
      }),
    );
  } catch (fault) {
    if (fault instanceof RangeError) throw broken("a part of it is missing");
    throw fault;
  }
}

type Meta = { pageSize: number; root: number; transaction: bigint };

function newestMeta(file: Buffer): Meta {
  const first = metaAt(file, 0);
  // The second head stands on the second page, whose size a broken first head does not tell.
  const sizes = first ? [first.pageSize] : [4096, 8192, 16384, 65536];
  const metas = [first, ...sizes.map((size) => metaAt(file, size))].filter((meta) => meta !== undefined);
  const newest = metas.sort((one, other) => Number(other.transaction - one.transaction))[0];
  if (newest === undefined) throw broken("it has no sound head");
  return newest;
}

function metaAt(file: Buffer, page: number): Meta | undefined {
  const at = page + pageHeader;
  if (file.length < at + 64 || file.readUInt32LE(at) !== magic || file.readUInt32LE(at + 4) !== 2)
    return undefined;
  if (checksum(file.subarray(at, at + 56)) !== file.readBigUInt64LE(at + 56)) return undefined;
  return {
    pageSize: file.readUInt32LE(at + 8),
    root: numberAt(file, at + 16),
    transaction: file.readBigUInt64LE(at + 48),
  };
}

/** FNV-1a with 64 bits. */
function checksum(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

type Entry = { flags: number; key: Buffer; value: Buffer };

function entriesOf(page: Buffer, pageOf: (id: number) => Buffer, depth = 0): Entry[] {
  if (depth > deepest) throw broken("a page of it names itself");
  const flags = page.readUInt16LE(8);
  const elements = Array.from(
    { length: page.readUInt16LE(10) },
    (_, number) => pageHeader + number * elementSize,
  );
  if (flags === isBranch)
    return elements.flatMap((at) => entriesOf(pageOf(numberAt(page, at + 8)), pageOf, depth + 1));
  if (flags !== isLeaf) throw broken("a page of it is neither branch nor leaf");
  return elements.map((at) => {
    const key = at + page.readUInt32LE(at + 4);
    const value = key + page.readUInt32LE(at + 8);
    const end = value + page.readUInt32LE(at + 12);
    if (end > page.length) throw broken("an entry of it is cut off");
    return { flags: page.readUInt32LE(at), key: page.subarray(key, value), value: page.subarray(value, end) };
  });
}

function numberAt(bytes: Buffer, at: number): number {
  const number = bytes.readBigUInt64LE(at);
  if (number > Number.MAX_SAFE_INTEGER) throw broken("a number in it is too large");
  return Number(number);
}

const broken = (why: string): Trouble => new Trouble(`this is no BoltDB file, or a broken one: ${why}`);
