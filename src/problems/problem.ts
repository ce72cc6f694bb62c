import type { Facts, ProblemCode } from "./codes.ts";

/** Something that will end, is broken, or needs a person. */
export type Urgency = "urgent" | "soon" | "notice";

/** What a detector finds. The same code and subject is the same problem, whenever it is found. */
export type Finding = {
  code: ProblemCode;
  /** Of what: an id, a topic, a name; empty where there is only one such thing. */
  subject: string;
  urgency: Urgency;
  facts: Facts;
  devices: number | null;
  endsAt: number | null;
  stage: number;
};

export const finding = (
  code: ProblemCode,
  urgency: Urgency,
  more: Partial<Omit<Finding, "code" | "urgency">> = {},
): Finding => ({ code, urgency, subject: "", facts: {}, devices: null, endsAt: null, stage: 0, ...more });

export const keyOf = ({ code, subject }: Pick<Finding, "code" | "subject">): string =>
  subject === "" ? code : `${code}:${subject}`;
