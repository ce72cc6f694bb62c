import * as v from "valibot";

const values = (what: string) =>
  v.exactOptional(
    v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
      v.minLength(1),
      v.maxLength(5_000),
      v.description(what),
    ),
  );

const Rule = v.pipe(
  v.strictObject({
    profile: v.string(),
    models: values('Such as MacBook Pro 14", as Apple writes them'),
    families: values("Such as iPhone, iPad, Mac, AppleTV"),
    serials: values("Serial numbers"),
    order_numbers: values("Of what was bought; an API account tells them (docs/apple-business.md)"),
  }),
  v.title("AdeRule"),
);

/** The rules of an account, as they are sent and answered. */
export const Rules = v.pipe(
  v.strictObject({
    rules: v.pipe(v.array(Rule), v.maxLength(100), v.description("The first that fits counts")),
    default_profile: v.pipe(v.nullable(v.string()), v.description("For all others; null: they get none")),
  }),
  v.title("AdeRules"),
);
