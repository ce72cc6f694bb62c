/** The sign of the product, as on the server's other pages. */
export const Mark = ({ size = 32 }: { size?: number }) => (
  <svg class="mark-sign" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="var(--accent)" />
    <rect x="10" y="5" width="12" height="22" rx="2.5" fill="#fff" />
    <path
      d="m13 16 2.3 2.4L19.2 14"
      fill="none"
      stroke="var(--accent)"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
