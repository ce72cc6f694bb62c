import type { ProblemCode } from "./codes.ts";
import type { Facts } from "./words/wording.ts";

/** Something that will end, is broken, or needs a person to act. */
export type Urgency = "urgent" | "soon" | "notice";

/** What a detector finds. The same code and subject is the same problem, whenever it is found. */
export type Finding = {
  code: ProblemCode;
  /** What it concerns: an id, a topic or a name; empty if there is only one. */
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
