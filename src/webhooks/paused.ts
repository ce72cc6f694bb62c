/** Why the server pauses a target, as it is written to the row, and what kind of reason that is. */
export type PauseKind = "gone" | "refuses" | "silent";

export const pausedBecause = {
  gone: () => "the receiver says that it is gone (410)",
  refuses: (messages: number) => `${messages} messages were given up: the receiver refuses them`,
  silent: (since: number, fault: string) =>
    `it has accepted nothing since ${new Date(since).toISOString()}: ${fault}`,
} as const satisfies Record<PauseKind, (...found: never[]) => string>;

const spelled: Readonly<Record<PauseKind, RegExp>> = {
  gone: /^the receiver says that it is gone/,
  refuses: /^\d+ messages were given up/,
  silent: /^it has accepted nothing since/,
};

/** null: it has another reason, as an older version wrote it. */
export const pauseKind = (reason: string): PauseKind | null =>
  (Object.keys(spelled) as PauseKind[]).find((kind) => spelled[kind].test(reason)) ?? null;
