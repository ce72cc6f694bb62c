import { crc32, deflateRawSync } from "node:zlib";
import { type Bytes, concat, utf8 } from "../../../src/base/bytes.ts";

// Zip archives as Xcode writes them, and as nobody should.

export type ZipItem = {
  path: string;
  content: Bytes;
  stored?: boolean;
  encrypted?: boolean;
  /** What the directory says instead of the truth. */
  claims?: { inflatedBytes?: number; crc32?: number; method?: number; offset?: number };
};

export type ZipOrder = { items: ZipItem[]; comment?: string; entries?: number; zip64?: boolean };

export function writeZip({ items, comment = "", entries = items.length, zip64 = false }: ZipOrder): Bytes {
  const pieces: Bytes[] = [];
  const directory: Bytes[] = [];
  let at = 0;
  for (const item of items) {
    const { path, content, stored = false, encrypted = false, claims = {} } = item;
    const name = utf8(path);
    const data = stored ? content : new Uint8Array(deflateRawSync(content));
    const method = stored ? 0 : 8;
    const sum = claims.crc32 ?? crc32(content);
    const common = record([
      ...[u16(20), u16(encrypted ? 1 : 0), u16(claims.method ?? method), u16(0), u16(0), u32(sum)],
      ...[u32(data.length), u32(claims.inflatedBytes ?? content.length), u16(name.length), u16(0)],
    ]);
    pieces.push(concat([u32(0x04034b50), common, name, data]));
    directory.push(
      concat([
        ...[u32(0x02014b50), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(claims.offset ?? at), name],
      ]),
    );
    at += 30 + name.length + data.length;
  }
  const list = concat(directory);
  const large = zip64 ? zip64End(entries, list.length, at) : new Uint8Array();
  const note = utf8(comment);
  const end = record([
    ...[u32(0x06054b50), u16(0), u16(0), u16(zip64 ? 0xffff : entries), u16(zip64 ? 0xffff : entries)],
    ...[u32(zip64 ? 0xffffffff : list.length), u32(zip64 ? 0xffffffff : at), u16(note.length), note],
  ]);
  return concat([...pieces, list, large, end]);
}

function zip64End(entries: number, length: number, offset: number): Bytes {
  const end = record([
    ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0)],
    ...[u64(entries), u64(entries), u64(length), u64(offset)],
  ]);
  return record([end, u32(0x07064b50), u32(0), u64(offset + length), u32(1)]);
}

const record = (fields: Bytes[]): Bytes => concat(fields);

const little = (bytes: number, write: (view: DataView) => void): Bytes => {
  const made = new Uint8Array(bytes);
  write(new DataView(made.buffer));
  return made;
};
const u16 = (value: number): Bytes => little(2, (view) => view.setUint16(0, value, true));
const u32 = (value: number): Bytes => little(4, (view) => view.setUint32(0, value, true));
const u64 = (value: number): Bytes => little(8, (view) => view.setBigUint64(0, BigInt(value), true));
