import type { PushOutcome } from "../apns/apns.ts";

/** What a device's object asks of the gateway of its topic. */
export type PushAsk = {
  token: Uint8Array;
  PushMagic: string;
};

/** How it ended: as Apple said, or that there was nothing to say it with. */
export type PushAnswer = PushOutcome | { outcome: "no-certificate"; reason: string };

export const isDelivered = ({ outcome }: PushAnswer): boolean => outcome === "delivered";

/** For people and for the store: one line. */
export const answerText = (answer: PushAnswer): string =>
  answer.outcome === "delivered" ? answer.outcome : `${answer.outcome}: ${answer.reason}`;
