import { expect, test } from "vitest";
import { counted, isFull } from "../../../src/http/packages/downloads.ts";

const download = () => counted(new Response("eight   ").body as ReadableStream, 8);

test("an isolate sends 64 files at a time, and has room again when one is sent or its reader has left", async () => {
  const downloads = Array.from({ length: 64 }, download);
  expect(isFull()).toBe(true);

  const [first, second, ...others] = downloads;
  expect(await new Response(first?.body).text()).toBe("eight   ");
  await first?.done;
  expect(isFull()).toBe(false);

  const next = download();
  expect(isFull()).toBe(true);
  await second?.body.cancel();
  await second?.done;
  expect(isFull()).toBe(false);

  for (const { body, done } of [...others, next]) {
    await body.cancel();
    await done;
  }
  expect(isFull()).toBe(false);
});
