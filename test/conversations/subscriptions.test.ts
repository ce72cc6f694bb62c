import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { contentAtFetch, locations, withLocation } from "../support/licences.ts";

// Subscriptions of a location: listed as Apple says, and never changed.

const subscription = (adamId: number, seats: { clientUserId: string; renewing: boolean }[] = []) => ({
  parentAdamId: 54321,
  adamId,
  status: "ACTIVE",
  periodEndDate: "2027-01-15",
  total: { renewing: 10, expiring: 2 },
  seats,
});

test("subscriptions are listed page by page, with their seats and who has them, and nothing is written at Apple", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Subscribed");
  const seats = [
    { clientUserId: "ada", renewing: true },
    { clientUserId: "ben", renewing: false },
  ];
  library.subscriptions.push(subscription(1), subscription(2), subscription(3, seats));
  const location = await withLocation(library);
  apple.knobs.pageSize = 2;
  const written = apple.requests.filter(({ method }) => method === "POST").length;

  const first = await ask("GET", `${locations}/${location}/subscriptions`);
  expect(first.json.items.map(({ adam_id }: { adam_id: string }) => adam_id)).toEqual(["1", "2"]);
  const second = await ask(
    "GET",
    `${locations}/${location}/subscriptions?cursor=${encodeURIComponent(first.json.next_cursor)}`,
  );
  expect(second.json).toEqual({
    items: [
      {
        adam_id: "3",
        app_adam_id: "54321",
        status: "ACTIVE",
        period_ends_on: "2027-01-15",
        total: { renewing: 10, expiring: 2 },
        assigned: { renewing: 1, expiring: 1 },
        available: { renewing: 8, expiring: 2 },
      },
    ],
    next_cursor: null,
  });
  expect((await ask("GET", `${locations}/${location}/subscriptions/3/users`)).json).toEqual({
    items: [
      { client_user_id: "ada", renewing: true },
      { client_user_id: "ben", renewing: false },
    ],
    next_cursor: null,
  });
  expect(apple.requests.filter(({ method }) => method === "POST").length).toBe(written);
});

test("what Apple refuses, and a cursor that it did not give, are told in words", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Unsubscribed");
  const location = await withLocation(library);

  expect((await ask("GET", `${locations}/${location}/subscriptions`)).json.items).toEqual([]);
  expect((await ask("GET", `${locations}/nowhere/subscriptions`)).status).toBe(404);
  expect((await ask("GET", `${locations}/${location}/subscriptions?cursor=made-up`)).status).toBe(400);
  expect((await ask("GET", `${locations}/${location}/subscriptions/slack/users`)).status).toBe(400);
  apple.knobs.down = 1;
  expect(await ask("GET", `${locations}/${location}/subscriptions`)).toMatchObject({
    status: 503,
    json: { apple: { location, remedy: expect.any(String) } },
  });
  for (const token of library.tokens) token.isRevoked = true;
  expect(await ask("GET", `${locations}/${location}/subscriptions`)).toMatchObject({
    status: 424,
    json: { apple: { code: "9625" } },
  });
});
