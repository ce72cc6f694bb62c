import { type Order, statusesOf } from "./order.ts";
import { type Identifier, problemDocument } from "./problem.ts";

/**
 * The resources of RFC 8555 section 7.1, as JSON, and the paths they are at, below the root of their directory. Each use of
 * certificates has a directory of its own, besides the one for identities of devices.
 */
export const rootOf = (use?: string): string => (use === undefined ? "/acme" : `/acme/use/${use}`);

export const paths = {
  directory: "/directory",
  newNonce: "/new-nonce",
  newAccount: "/new-account",
  newOrder: "/new-order",
  revokeCert: "/revoke-cert",
  account: (id: string) => `/account/${id}`,
  orders: (id: string) => `/account/${id}/orders`,
  order: (id: string) => `/order/${id}`,
  authorization: (id: string) => `/authorization/${id}`,
  challenge: (id: string) => `/challenge/${id}`,
  finalize: (id: string) => `/order/${id}/finalize`,
  certificate: (id: string) => `/certificate/${id}`,
} as const;

export const identifierType = "permanent-identifier";
export const challengeType = "device-attest-01";

export const directoryUrl = (origin: string, use?: string): string => origin + rootOf(use) + paths.directory;

export const directoryOf = (base: string) => ({
  newNonce: base + paths.newNonce,
  newAccount: base + paths.newAccount,
  newOrder: base + paths.newOrder,
  revokeCert: base + paths.revokeCert,
  meta: {},
});

/** Apple's client gives up if `orders` is missing. */
export const accountResource = (base: string, id: string) => ({
  status: "valid",
  orders: base + paths.orders(id),
});

const identifierOf = ({ identifier }: Order): Identifier => ({ type: identifierType, value: identifier });

const time = (at: number): string => new Date(at).toISOString();

export const orderResource = (base: string, order: Order) => ({
  status: statusesOf(order).order,
  expires: time(order.expiresAt),
  identifiers: [identifierOf(order)],
  authorizations: [base + paths.authorization(order.id)],
  finalize: base + paths.finalize(order.id),
  ...(order.error && { error: problemDocument(order.error) }),
  ...(order.certificate && { certificate: base + paths.certificate(order.id) }),
});

export const authorizationResource = (base: string, order: Order) => ({
  identifier: identifierOf(order),
  status: statusesOf(order).authorization,
  expires: time(order.expiresAt),
  challenges: [challengeResource(base, order)],
});

export const challengeResource = (base: string, order: Order) => ({
  type: challengeType,
  url: base + paths.challenge(order.id),
  token: order.token,
  status: statusesOf(order).challenge,
  ...(order.provenAt !== undefined && { validated: time(order.provenAt) }),
  ...(order.error && { error: problemDocument(order.error) }),
});
