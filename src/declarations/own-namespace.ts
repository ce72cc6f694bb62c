/** Identifiers that begin like this are the server's own: what it gives to every channel by itself. */
export const ownPrefix = "edgemdm.";

export const isOwnIdentifier = (identifier: string): boolean => identifier.startsWith(ownPrefix);
