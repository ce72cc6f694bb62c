import { sendProblems } from "../../mail/send-problems.ts";
import { jobKind } from "../job-kind.ts";

/** Sends what is due: the work of one page, however many problems there are. */
export const mail = jobKind<null>(null, async (env, _cursor, now) => {
  const { sent, trouble } = await sendProblems(env, now);
  return {
    counts: { sent },
    remarks: trouble === null ? [] : [{ about: "mail", detail: trouble }],
    ends: "done",
    outcome: trouble === null ? "all that was due is sent" : "not all messages went out",
  };
});
