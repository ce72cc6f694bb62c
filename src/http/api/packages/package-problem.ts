import type { Context } from "hono";
import { noBucket } from "../../../packages/bucket.ts";
import type { CompleteRefusal } from "../../../packages/complete.ts";
import { problem } from "../route/problem.ts";
import { invalid } from "../route/validate.ts";

/** What a file, a part or an upload is refused for, as an answer. */
export function packageProblem(c: Context, refusal: CompleteRefusal): Response {
  switch (refusal.reason) {
    case "no-bucket":
      return problem(c, "no-bucket", noBucket);
    case "unknown-upload":
      return problem(c, "not-found", "no such upload is under way; begin another");
    case "too-many-uploads":
      return problem(
        c,
        "conflict",
        "ten uploads of this package are under way; continue one of them, or delete it",
      );
    case "no-such-part":
      return invalid(c, [
        {
          pointer: "/part",
          code: refusal.reason,
          detail: `the upload has the parts 1 to ${refusal.parts}`,
          in: "path",
        },
      ]);
    case "wrong-length":
      return bodyError(
        c,
        refusal.reason,
        `must be ${refusal.expected} bytes, as the declared size wants, and is ${refusal.found}`,
      );
    case "wrong-digest":
    case "other-digest":
      return bodyError(
        c,
        refusal.reason,
        `has the SHA-256 ${refusal.found} and not the declared one; it changed on its way, or the declaration is of another file`,
      );
    case "missing-parts":
      return problem(c, "conflict", `parts are missing: ${refusal.missing.join(", ")}`, {
        members: { missing_parts: refusal.missing },
      });
    default:
      return bodyError(c, refusal.reason, `${refusal.detail}; ${refusal.remedy}`);
  }
}

const bodyError = (c: Context, code: string, detail: string): Response =>
  invalid(c, [{ pointer: "", code, detail }]);
