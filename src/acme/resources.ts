import { type Order, statusesOf } from "./order.ts";
import { type Identifier, problemDocument } from "./problem.ts";

/** The resources of RFC 8555 section 7.1, as JSON, and the paths they are at. */
export const paths = {
  directory: "/acme/directory",
  newNonce: "/acme/new-nonce",
  newAccount: "/acme/new-account",
  newOrder: "/acme/new-order",
  revokeCert: "/acme/revoke-cert",
  account: (id: string) => `/acme/account/${id}`,
  orders: (id: string) => `/acme/account/${id}/orders`,
  order: (id: string) => `/acme/order/${id}`,
  authorization: (id: string) => `/acme/authorization/${id}`,
  challenge: (id: string) => `/acme/challenge/${id}`,
  finalize: (id: string) => `/acme/order/${id}/finalize`,
  certificate: (id: string) => `/acme/certificate/${id}`,
} as const;

export const identifierType = "permanent-identifier";
export const challengeType = "device-attest-01";

export const directoryOf = (origin: string) => ({
  newNonce: origin + paths.newNonce,
  newAccount: origin + paths.newAccount,
  newOrder: origin + paths.newOrder,
  revokeCert: origin + paths.revokeCert,
  meta: {},
});

/** Apple's client gives up if `orders` is missing. */
export const accountResource = (origin: string, id: string) => ({
  status: "valid",
  orders: origin + paths.orders(id),
});

const identifierOf = ({ identifier }: Order): Identifier => ({ type: identifierType, value: identifier });

const time = (at: number): string => new Date(at).toISOString();

export const orderResource = (origin: string, order: Order) => ({
  status: statusesOf(order).order,
  expires: time(order.expiresAt),
  identifiers: [identifierOf(order)],
  authorizations: [origin + paths.authorization(order.id)],
  finalize: origin + paths.finalize(order.id),
  ...(order.error && { error: problemDocument(order.error) }),
  ...(order.certificate && { certificate: origin + paths.certificate(order.id) }),
});

export const authorizationResource = (origin: string, order: Order) => ({
  identifier: identifierOf(order),
  status: statusesOf(order).authorization,
  expires: time(order.expiresAt),
  challenges: [challengeResource(origin, order)],
});

export const challengeResource = (origin: string, order: Order) => ({
  type: challengeType,
  url: origin + paths.challenge(order.id),
  token: order.token,
  status: statusesOf(order).challenge,
  ...(order.provenAt !== undefined && { validated: time(order.provenAt) }),
  ...(order.error && { error: problemDocument(order.error) }),
});
