// A QR code of a link, by the code that the server's own pages use. Only pages that need it load it.
import { qrCode } from "../../../src/http/qr-code.ts";

export function Qr({ text, label }: { text: string; label: string }) {
  const modules = qrCode(text);
  const size = modules.length + 8;
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
