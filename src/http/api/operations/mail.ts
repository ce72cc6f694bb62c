import { Hono } from "hono";
import * as v from "valibot";
import { languages } from "../../../base/languages.ts";
import { testMessage } from "../../../mail/compose.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body } from "../route/validate.ts";
import { postOffice } from "./post-office.ts";

const MailTest = v.pipe(
  v.strictObject({
    to: v.pipe(v.string(), v.email("must be an address such as it@example.com"), v.maxLength(254)),
    language: v.optional(v.picklist(languages)),
  }),
  v.title("MailTest"),
);

const MailOutcome = v.pipe(
  v.object({
    sent: v.pipe(v.boolean(), v.description("The platform took it; whether it arrives, nobody says")),
    trouble: v.pipe(v.nullable(v.string()), v.description("The platform's words")),
  }),
  v.title("MailOutcome"),
);

export const mail = new Hono<ApiEnv>();

mail.post(
  "/test",
  describeRoute("Send a test message", { 200: MailOutcome }, { tag: "mail", problems: ["conflict"] }),
  allow("admin"),
  body(MailTest),
  async (c) => {
    const { to, language } = c.req.valid("json");
    const post = await postOffice(c, language);
    if (post instanceof Response) return post;
    return c.json(await post.send(to, testMessage(post.sender)));
  },
);
