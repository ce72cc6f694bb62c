import { expect, test } from "vitest";
import { languages } from "../../src/base/languages.ts";
import { colleagueMessage, invitationMessage, problemsMessage, testMessage } from "../../src/mail/compose.ts";
import { messageOf, senderName } from "../../src/mail/message.ts";
import { inEnglish, speakerOf } from "../../src/problems/words/speak.ts";

const row = {
  key: "push",
  code: "push-certificate-missing",
  subject: "",
  urgency: "urgent" as const,
  facts: {},
  devices: 812,
  endsAt: null,
  stage: 0,
  openedAt: Date.UTC(2027, 0, 4),
  toldAt: 0,
};

test.each(languages)("the messages are whole in %s, with the same facts in both forms", async (language) => {
  const sender = { organization: "Müller & Söhne", host: "mdm.example.com", language };
  const invitation = invitationMessage(
    { url: "https://mdm.example.com/enroll?code=abc&x=1", expiresAt: Date.UTC(2027, 0, 4) },
    sender,
  );
  const colleague = colleagueMessage(
    { url: "https://mdm.example.com/x", role: "helpdesk", invitedBy: "anna", expiresAt: row.openedAt },
    sender,
  );
  const speaker = await speakerOf(language);
  const list = problemsMessage("digest", [row, { ...row, key: "b", urgency: "notice" }], sender, speaker);
  const urgent = problemsMessage("urgent", [row], sender, speaker);

  for (const { subject, text, html } of [invitation, colleague, list, urgent, testMessage(sender)]) {
    expect(subject).toContain("Müller & Söhne");
    expect(html).toContain(`<html lang="${language}">`);
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|\[object|NaN/);
  }
  expect(invitation.text).toContain("https://mdm.example.com/enroll?code=abc&x=1");
  expect(invitation.html).toContain('href="https://mdm.example.com/enroll?code=abc&amp;x=1"');
  expect(invitation.text).toContain("2027");
  expect(list.text).toContain("812");
  expect(list.subject).toContain("2");
  expect(list.text).toContain("mail_to");
});

test("each language says it in its own words", () => {
  const subjects = languages.map(
    (language) => testMessage({ organization: "x", host: "h", language }).subject,
  );
  expect(new Set(subjects).size).toBe(languages.length);
});

test("a long list ends with how many more there are", () => {
  const rows = Array.from({ length: 40 }, (_, number) => ({ ...row, key: `${number}` }));
  const { text } = problemsMessage(
    "digest",
    rows,
    { organization: "x", host: "h", language: "en" },
    inEnglish,
  );
  expect(text).toContain("and 10 more");
});

test("a name begins no header, and a subject has an end", () => {
  const { subject } = messageOf("en", `A\r\nBcc: x@example.com\u2028${"y".repeat(500)}`, []);
  expect(subject).toMatch(/^A Bcc: x@example.com y+$/);
  expect(subject).toHaveLength(200);
});

test("the name of the sender fits its header", () => {
  expect(senderName('A "quoted"\n<name>')).toBe("A quoted name");
  expect(Buffer.byteLength(senderName("日本".repeat(100)))).toBeLessThanOrEqual(100);
});
