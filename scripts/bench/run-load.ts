// Starts the process that sends the load.
import { startNode } from "../children.ts";
import type { LoadPlan, LoadReport } from "./load.ts";

/** `onceWarm`: called when the uncounted requests are over, right before the counted ones. */
export function runLoad(plan: LoadPlan, onceWarm: () => void): Promise<LoadReport> {
  const child = startNode([`${import.meta.dirname}/load.ts`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => {
      onceWarm();
      child.send("go");
      child.once("message", (report) => resolve(report as LoadReport));
    });
    child.once("exit", () => reject(new Error("the load has ended without a report")));
    child.send(plan as never);
  });
}
