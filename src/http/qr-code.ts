/**
 * QR codes (ISO/IEC 18004): bytes, error correction level M, versions 1 to 20, which is up to 666 bytes. This is enough
 * for a link. It needs nothing of the platform: the console draws its codes with it in the browser.
 *
 * A module is dark if it is true; the caller that draws the code adds the quiet zone.
 */
export function qrCode(text: string): boolean[][] {
  const data = new TextEncoder().encode(text);
  const version = versionFor(data.length);
  const { modules, reserved } = skeleton(version);
  place(modules, reserved, withCorrection(version, codewords(version, data)));
  const masked = masks.map((mask, number) => {
    const candidate = modules.map((row, y) =>
      row.map((dark, x) => (reserved[y]?.[x] ? dark : dark !== mask(x, y))),
    );
    drawFormat(candidate, number);
    return candidate;
  });
  const penalties = masked.map(penalty);
  return masked[penalties.indexOf(Math.min(...penalties))] as boolean[][];
}

/** An SVG picture: one path on white, with the quiet zone of four modules that readers need. */
export function qrSvg(text: string): string {
  const modules = qrCode(text);
  const size = modules.length + 8;
  const path = modules.map((row, y) => row.map((_, x) => barAt(row, x, y)).join("")).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
}

/** The dark modules that begin at x, as one bar; nothing where none begins. */
function barAt(row: readonly boolean[], x: number, y: number): string {
  if (!row[x] || row[x - 1]) return "";
  const end = row.indexOf(false, x);
  const width = (end < 0 ? row.length : end) - x;
  return `M${x + 4} ${y + 4}h${width}v1h-${width}z`;
}

// For level M, by version from 1 on.
const correctionLengths = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const levelM = 0;

const at = (list: readonly number[], index: number): number => list[index] as number;

function dataModules(version: number): number {
  const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const all = (16 * version + 128) * version + 64;
  const taken = alignments === 0 ? 0 : (25 * alignments - 10) * alignments - 55;
  return all - taken - (version >= 7 ? 36 : 0);
}

const totalLength = (version: number): number => Math.floor(dataModules(version) / 8);
const dataLength = (version: number): number =>
  totalLength(version) - at(correctionLengths, version - 1) * at(blockCounts, version - 1);

function versionFor(length: number): number {
  const version = blockCounts.findIndex((_, index) => {
    const countBits = index + 1 < 10 ? 8 : 16;
    return 4 + countBits + 8 * length <= 8 * dataLength(index + 1);
  });
  if (version < 0) throw new RangeError(`${length} bytes do not fit into a QR code of version 20`);
  return version + 1;
}

/** Mode, length and bytes, padded to the capacity of the version. */
function codewords(version: number, data: Uint8Array): Uint8Array {
  const countBits = version < 10 ? 8 : 16;
  let text = `0100${data.length.toString(2).padStart(countBits, "0")}`;
  for (const byte of data) text += byte.toString(2).padStart(8, "0");
  const capacity = dataLength(version) * 8;
  text += "0".repeat(Math.min(4, capacity - text.length));
  text += "0".repeat(-text.length & 7);
  for (let pad = 0xec; text.length < capacity; pad ^= 0xec ^ 0x11) text += pad.toString(2).padStart(8, "0");
  return Uint8Array.from({ length: capacity / 8 }, (_, i) =>
    Number.parseInt(text.slice(i * 8, i * 8 + 8), 2),
  );
}

/** Blocks, each with its Reed-Solomon bytes, interleaved. */
function withCorrection(version: number, data: Uint8Array): Uint8Array {
  const blocks = at(blockCounts, version - 1);
  const correction = at(correctionLengths, version - 1);
  const shortLength = Math.floor(totalLength(version) / blocks) - correction;
  const shortBlocks = blocks - (totalLength(version) % blocks);
  const divisor = reedSolomonDivisor(correction);
  const parts: Uint8Array[] = [];
  for (let block = 0, from = 0; block < blocks; block++) {
    const length = shortLength + (block < shortBlocks ? 0 : 1);
    parts.push(data.subarray(from, from + length));
    from += length;
  }
  const remainders = parts.map((part) => reedSolomonRemainder(part, divisor));
  return Uint8Array.from([...interleaved(parts), ...interleaved(remainders)]);
}

function interleaved(parts: readonly Uint8Array[]): number[] {
  const longest = Math.max(...parts.map(({ length }) => length));
  const dealt: number[] = [];
  for (let i = 0; i < longest; i++) {
    for (const part of parts) if (i < part.length) dealt.push(part[i] as number);
  }
  return dealt;
}

/** In the field of 256 elements with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

function reedSolomonDivisor(degree: number): Uint8Array {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++)
      divisor[j] = times(divisor[j] as number, root) ^ (j + 1 < degree ? (divisor[j + 1] as number) : 0);
  }
  return divisor;
}

function reedSolomonRemainder(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const rest = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ (rest[0] as number);
    rest.copyWithin(0, 1);
    rest[rest.length - 1] = 0;
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) ^ times(divisor[i] as number, factor);
  }
  return rest;
}

type Drawing = { modules: boolean[][]; reserved: boolean[][] };

/** The fixed parts of a version: finders, timing, alignment, version number, and the space for the format. */
function skeleton(version: number): Drawing {
  const size = version * 4 + 17;
  const grid = () => Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const modules = grid();
  const reserved = grid();
  const set = (x: number, y: number, dark: boolean): void => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    (modules[y] as boolean[])[x] = dark;
    (reserved[y] as boolean[])[x] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawRings(set, x, y, 4, [2, 4]);
  const spots = alignmentSpots(version, size);
  const last = spots.length - 1;
  for (const [i, x] of spots.entries()) {
    for (const [j, y] of spots.entries()) {
      const inFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!inFinder) drawRings(set, x, y, 2, [1]);
    }
  }
  for (let i = 0; i < 9; i++) {
    set(8, i, modules[i]?.[8] ?? false);
    set(i, 8, modules[8]?.[i] ?? false);
    if (i < 8) {
      set(size - 1 - i, 8, false);
      set(8, size - 1 - i, false);
    }
  }
  if (version >= 7) drawVersion(set, version, size);
  return { modules, reserved };
}

/** Squares around a point, dark except for the rings at these distances. */
function drawRings(
  set: (x: number, y: number, dark: boolean) => void,
  x: number,
  y: number,
  reach: number,
  light: readonly number[],
): void {
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

function alignmentSpots(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const fromEnd = Array.from({ length: count - 1 }, (_, i) => size - 7 - i * step);
  return [6, ...fromEnd.reverse()];
}

function drawVersion(
  set: (x: number, y: number, dark: boolean) => void,
  version: number,
  size: number,
): void {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const dark = ((bits >> i) & 1) === 1;
    const [near, far] = [Math.floor(i / 3), size - 11 + (i % 3)];
    set(near, far, dark);
    set(far, near, dark);
  }
}

/** In pairs of columns from the right, alternately up and down. */
function place(modules: boolean[][], reserved: boolean[][], data: Uint8Array): void {
  const size = modules.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (reserved[y]?.[x] || bit >= data.length * 8) continue;
        (modules[y] as boolean[])[x] = (((data[bit >> 3] as number) >> (7 - (bit & 7))) & 1) === 1;
        bit++;
      }
    }
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function drawFormat(modules: boolean[][], mask: number): void {
  const data = (levelM << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const size = modules.length;
  const set = (x: number, y: number, i: number): void => {
    (modules[y] as boolean[])[x] = ((bits >> i) & 1) === 1;
  };
  for (let i = 0; i < 15; i++) {
    // Around the first finder, past the timing pattern, and again beside the two other finders.
    if (i < 8) {
      set(8, i < 6 ? i : i + 1, i);
      set(size - 1 - i, 8, i);
    } else {
      set(i === 8 ? 7 : 14 - i, 8, i);
      set(8, size - 15 + i, i);
    }
  }
  (modules[size - 8] as boolean[])[8] = true;
}

/** How hard a code is to read: long runs, blocks, patterns that look like a finder, too much of one colour. */
function penalty(modules: boolean[][]): number {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x] as boolean));
  let score = 0;
  for (const line of [...modules, ...columns]) score += linePenalty(line);
  let dark = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const here = modules[y]?.[x];
      if (here) dark++;
      const block = here === modules[y]?.[x + 1] && here === modules[y + 1]?.[x];
      if (block && here === modules[y + 1]?.[x + 1]) score += 3;
    }
  }
  return score + (Math.ceil(Math.abs(dark * 20 - size * size * 10) / (size * size)) - 1) * 10;
}

const finderLike = [0b10111010000, 0b00001011101];

function linePenalty(line: readonly boolean[]): number {
  let score = 0;
  for (let i = 0, run = 0; i < line.length; i++) {
    run = i > 0 && line[i] === line[i - 1] ? run + 1 : 1;
    if (run === 5) score += 3;
    else if (run > 5) score++;
  }
  // The quiet zone counts as light.
  let window = 0;
  for (let i = 0; i < line.length + 4; i++) {
    window = ((window << 1) | Number(line[i] ?? false)) & 0x7ff;
    if (i >= 6 && finderLike.includes(window)) score += 40;
  }
  return score;
}
