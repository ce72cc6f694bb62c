/** What the runner asks of the client under test, as far as ours can be asked; its command line is that of BoringSSL's own. */
export type ShimOrder = {
  port: number;
  shimId: bigint;
  isIpv6: boolean;
  serverName: string;
  trustFile: string;
  certificateFile: string;
  keyFile: string;
  writesFirst: boolean;
  shutsDown: boolean;
  checksGoodbye: boolean;
};

/** The runner takes a client that ends with this code for one that does not have what the test is about. */
export const unimplemented = 89;

/** Flags that ask for what our client always does, or never has, so that nothing is left to do about them. */
const granted: ReadonlySet<string> = new Set([
  "-async",
  "-implicit-handshake",
  "-verify-peer",
  "-use-custom-verify-callback",
  "-use-old-client-cert-callback",
  "-no-ssl3",
  "-no-tls1",
  "-no-tls11",
  "-no-ticket",
  "-no-legacy-server-connect",
  "-expect-secure-renegotiation",
  "-expect-extended-master-secret",
  "-expect-no-session",
  "-expect-no-hrr",
  "-forbid-renegotiation-after-handshake",
  "-partial-write",
]);

/** Flags that are granted with these values and no others. */
const grantedValues: Readonly<Record<string, (value: string) => boolean>> = {
  "-expect-total-renegotiations": (value) => value === "0",
  "-advertise-alpn": (value) => value === "\x02h2",
  "-expect-alpn": (value) => value === "h2",
  "-min-version": (value) => Number(value) <= 0x0303,
  "-max-version": (value) => Number(value) === 0x0304,
  // Ours are offered together. A server that knows only one of them must work too.
  "-curves": (value) => ["23", "24", "29"].includes(value),
};

/** undefined when the test is about something that our client does not have. */
export function readFlags(args: readonly string[]): ShimOrder | undefined {
  const order: Partial<ShimOrder> = {
    isIpv6: false,
    serverName: "test",
    writesFirst: false,
    shutsDown: false,
    checksGoodbye: false,
  };
  const rest = [...args];
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (granted.has(flag)) continue;
    const isGranted = grantedValues[flag];
    const take = takers[flag];
    if (isGranted ? !isGranted(rest.shift() ?? "") : !take) return undefined;
    take?.(order, rest);
  }
  return order as ShimOrder;
}

type Taker = (order: Partial<ShimOrder>, rest: string[]) => void;

const takers: Readonly<Record<string, Taker>> = {
  "-port": (order, rest) => {
    order.port = Number(rest.shift());
  },
  "-shim-id": (order, rest) => {
    order.shimId = BigInt(rest.shift() ?? "");
  },
  "-ipv6": (order) => {
    order.isIpv6 = true;
  },
  "-host-name": (order, rest) => {
    order.serverName = rest.shift() ?? "";
  },
  "-trust-cert": (order, rest) => {
    order.trustFile = rest.shift() ?? "";
  },
  "-cert-file": (order, rest) => {
    order.certificateFile = rest.shift() ?? "";
  },
  "-key-file": (order, rest) => {
    order.keyFile = rest.shift() ?? "";
  },
  "-shim-writes-first": (order) => {
    order.writesFirst = true;
  },
  "-read-with-unfinished-write": (order) => {
    order.writesFirst = true;
  },
  "-shim-shuts-down": (order) => {
    order.shutsDown = true;
  },
  "-check-close-notify": (order) => {
    order.checksGoodbye = true;
  },
};
