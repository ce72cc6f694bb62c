/** Identifiers with this prefix are the server's own declarations. */
export const ownPrefix = "edgemdm.";

export const isOwnIdentifier = (identifier: string): boolean => identifier.startsWith(ownPrefix);
