// A QR code of half blocks, which a camera reads from a terminal whatever its colours are.
import { qrCode } from "../../src/http/qr-code.ts";

const quiet = 2;

export function terminalQr(text: string): string {
  const code = qrCode(text);
  const size = code.length + 2 * quiet;
  const isDark = (row: number, column: number): boolean => code[row - quiet]?.[column - quiet] === true;
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = "";
    for (let column = 0; column < size; column++) {
      const [upper, lower] = [isDark(row, column), isDark(row + 1, column)];
      line += upper ? (lower ? " " : "▄") : lower ? "▀" : "█";
    }
    lines.push(`\u001b[97;40m${line}\u001b[0m`);
  }
  return lines.join("\n");
}
