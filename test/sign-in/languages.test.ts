import { beforeEach, expect, test } from "vitest";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { words as de } from "../../src/http/sign-in/words/de.ts";
import { words as ja } from "../../src/http/sign-in/words/ja.ts";
import { ask } from "../support/admin.ts";
import { Person } from "../support/person.ts";
import { forgetProviders } from "../support/setup-sign-in.ts";

// The pages of sign-in are in the language of the browser, whatever the page.

beforeEach(async () => {
  await forgetProviders();
  forgetAdministrators();
});

const speaking = (language: string): Person => {
  const person = new Person();
  person.headers = { "Accept-Language": language };
  return person;
};

const stateOf = (text: string): string => /name="state" value="([^"]+)"/.exec(text)?.[1] ?? "";

test("a German signs in by a code, reads what is managed, and signs out, in German", async () => {
  const { code } = (
    await ask("POST", "/api/v1/enrollment/invitations", { json: { user: "anna@example.com" } })
  ).json;
  const anna = speaking("de-CH, en;q=0.4");

  const form = await anna.open("/me");
  const wrong = await anna.submit("/sign-in/code", { state: stateOf(form.text), code: "x" });
  const me = await anna.submit("/sign-in/code", { state: stateOf(wrong.text), code });
  const out = await anna.submit("/sign-out", {});

  for (const page of [form, wrong, me, out]) {
    expect(page.text).toContain('<html lang="de">');
    expect(page.headers.get("Vary")).toContain("Accept-Language");
    expect(page.text.replace(/<style[\s\S]*<\/style>/, "")).not.toMatch(/\b(the|you|your|sign in)\b/i);
  }
  expect(form.text).toContain(de.code.heading);
  expect(wrong.text).toContain(de.code.wrong);
  expect(me.text).toContain(de.me.heading);
  expect(out.text).toContain(de.me.signedOut);
});

test("a refusal, and a device that is set up, are told in the language too", async () => {
  const refused = await speaking("fr").open("/sign-in/admin");
  expect([refused.status, refused.text]).toEqual([
    403,
    expect.stringContaining("Les administrateurs ne se connectent pas ici"),
  ]);

  const web = await speaking("ja-JP").open("/enroll/ade/web");
  expect([web.status, web.text]).toEqual([400, expect.stringContaining(ja.setup.notADevice)]);
});

test("what a person reads before the first sign-in is in the language, with the rights", async () => {
  await ask("PATCH", "/api/v1/enrollment/settings", { json: { account_driven: { enabled: true } } });

  const before = await speaking("es").open("/enroll/account/sign-in?kind=user");

  expect(before.text).toContain('<html lang="es">');
  expect(before.text).toContain("Continuar al inicio de sesión");
  expect(before.text).toContain("no puede ver");
});

test("who asks for no language of ours reads English", async () => {
  expect((await speaking("nl, pt;q=0.9").open("/sign-in/admin")).text).toContain('<html lang="en">');
});
