// Cloudflare calls the Worker every five minutes, so that it starts the jobs that are due. On this machine nobody does,
// so `npm start` does.
import type { Answer } from "../request.ts";
import { causeOf } from "../trouble.ts";

const everyMs = 5 * 60_000;
const path = "/cdn-cgi/handler/scheduled";

type Caller = { request: (path: string) => Promise<Answer> };

/** The first call is made at once. Says what fails once, and again only after it has worked in between. */
export function callOnSchedule(worker: Caller, say: (sentence: string) => void): void {
  let isFailing = false;
  const call = async (): Promise<void> => {
    const fault = await worker.request(path).then(
      ({ status, body }) => (status === 200 ? undefined : `${status}: ${body}`),
      (error: unknown) => causeOf(error),
    );
    if (fault !== undefined && !isFailing) say(`the scheduled work could not be started: ${fault}`);
    isFailing = fault !== undefined;
  };
  void call();
  setInterval(call, everyMs).unref();
}
