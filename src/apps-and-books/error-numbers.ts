import type { Retry } from "../ade/apple-codes.ts";

// Every error number of Apple's service for Apps and Books: what it means here, whether it passes by itself, and what a
// person can do. Apple keeps the right to add some.
// https://developer.apple.com/documentation/devicemanagement/app_and_book_management

const newToken =
  "Download a new content token in Apple Business or Apple School Manager (Apps and Books, Content Tokens) and upload it here: PUT /api/v1/apps-and-books/locations/{name}/token.";
const report = "This is a fault of this server: please report it with the answer's text.";
const waits = "Nothing to do: Apple is asked again later.";
const readAgain = "Nothing to do: what Apple has is read again.";
const publicUrl =
  "Check that PUBLIC_URL is the https address by which the world reaches this server; without notifications Apple is asked every hour instead.";

/** `restart`: the list is read from its beginning; `limits`: the limits are read again, and less is sent at once. */
export type ContentRetry = Retry | "restart" | "limits";

type Meaning = { reason: string; retry: ContentRetry; remedy: string };

export const errorMeanings = {
  9601: { reason: "token-rejected", retry: "schedule", remedy: newToken },
  9602: { reason: "invalid-argument", retry: "never", remedy: report },
  9603: { reason: "apple-unavailable", retry: "backoff", remedy: waits },
  9609: { reason: "unknown-user", retry: "never", remedy: readAgain },
  9621: { reason: "token-expired", retry: "schedule", remedy: newToken },
  9622: { reason: "token-rejected", retry: "schedule", remedy: newToken },
  9625: { reason: "token-revoked", retry: "schedule", remedy: newToken },
  9634: {
    reason: "service-removed",
    retry: "schedule",
    remedy: "Upgrade this server: Apple no longer offers what it asks for.",
  },
  9646: { reason: "too-many-requests", retry: "backoff", remedy: waits },
  9650: { reason: "no-such-page", retry: "restart", remedy: readAgain },
  9700: { reason: "too-many-assets", retry: "limits", remedy: readAgain },
  9701: { reason: "too-many-users", retry: "limits", remedy: readAgain },
  9702: { reason: "too-many-devices", retry: "limits", remedy: readAgain },
  9703: { reason: "duplicate-assets", retry: "never", remedy: report },
  9704: { reason: "duplicate-users", retry: "never", remedy: report },
  9705: { reason: "duplicate-devices", retry: "never", remedy: report },
  9706: {
    reason: "not-revocable",
    retry: "never",
    remedy: "A book stays with the person who got it: Apple takes its licence back from nobody.",
  },
  9707: {
    reason: "not-for-devices",
    retry: "never",
    remedy: "Apple licenses this only to people: assign it to a user instead of a device.",
  },
  9708: { reason: "unknown-event", retry: "restart", remedy: readAgain },
  9709: {
    reason: "not-enough-licences",
    retry: "never",
    remedy:
      "Buy more licences in Apple's portal, or free some here. It goes on by itself as soon as there are some.",
  },
  9710: { reason: "invalid-argument", retry: "never", remedy: report },
  9711: { reason: "notification-url-refused", retry: "never", remedy: publicUrl },
  9712: { reason: "notification-url-refused", retry: "never", remedy: publicUrl },
  9713: { reason: "invalid-argument", retry: "never", remedy: report },
  9714: { reason: "too-many-users", retry: "limits", remedy: readAgain },
  9715: { reason: "duplicate-users", retry: "never", remedy: report },
  9716: { reason: "user-exists", retry: "never", remedy: readAgain },
  9717: { reason: "bad-email", retry: "never", remedy: "Give the user a valid e-mail address." },
  9718: { reason: "invalid-argument", retry: "never", remedy: report },
  9719: { reason: "invalid-argument", retry: "never", remedy: report },
  9720: { reason: "invalid-argument", retry: "never", remedy: report },
  9721: { reason: "no-such-version", retry: "restart", remedy: readAgain },
  9722: { reason: "token-rejected", retry: "schedule", remedy: newToken },
  9723: { reason: "invalid-argument", retry: "never", remedy: report },
  9724: { reason: "invalid-argument", retry: "never", remedy: report },
  9725: { reason: "invalid-argument", retry: "never", remedy: report },
  9726: { reason: "invalid-argument", retry: "never", remedy: report },
  9727: { reason: "invalid-argument", retry: "never", remedy: report },
  9728: { reason: "notification-url-refused", retry: "never", remedy: publicUrl },
  9816: { reason: "invalid-argument", retry: "never", remedy: report },
  9818: { reason: "invalid-argument", retry: "never", remedy: report },
} as const satisfies Record<number, Meaning>;
