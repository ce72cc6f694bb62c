/**
 * The Model Context Protocol, https://modelcontextprotocol.io/specification: the revisions that are spoken here.
 *
 * The surprise: they are two eras. From 2026-07-28 on there is no handshake, and every request says its revision, in a
 * header and in `_meta`. Before, a client introduced itself by `initialize`; a server that keeps no session can answer it
 * without remembering it.
 */
export const modern = "2026-07-28";
/** Newest first. For a server of tools without sessions they do not differ. */
export const earlier = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;

export type Revision = typeof modern | (typeof earlier)[number];

export const revisions: readonly Revision[] = [modern, ...earlier];

export const isRevision = (text: unknown): text is Revision =>
  revisions.some((revision) => revision === text);
