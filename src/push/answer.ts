import type { PushOutcome } from "../apns/apns.ts";

/** A request of a device's object to the gateway of its topic. */
export type PushAsk = {
  token: Uint8Array;
  PushMagic: string;
};

/** The outcome: Apple's answer, or that there is no certificate to push with. */
export type PushAnswer = PushOutcome | { outcome: "no-certificate"; reason: string };

export const isDelivered = ({ outcome }: PushAnswer): boolean => outcome === "delivered";

/** For people and for the store: one line. */
export const answerText = (answer: PushAnswer): string =>
  answer.outcome === "delivered" ? answer.outcome : `${answer.outcome}: ${answer.reason}`;
