// How long a person waits in the console, told apart: from the key or click to the next picture, the server's answer, and
// from the answer to the picture that shows it. What runs in the page is text: this program knows nothing of documents.
import type { Page } from "playwright-core";

export type Times = {
  /** From what the person did to the next picture, as Chromium measures it; below 16 ms it says nothing. */
  paint: number;
  /** The last answer of the API; none was asked for: undefined. */
  answer: number | undefined;
  /** From the end of that answer until it was seen; without an answer, from the beginning until the last change was seen. */
  shown: number;
};

/** Once for each document. */
const watch = `(() => {
  if (window.times) return;
  const times = (window.times = { began: 0, event: 0, painted: 0, changed: 0 });
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries())
      if (startTime >= times.began) times.event = Math.max(times.event, duration);
  }).observe({ type: "event", durationThreshold: 16 });
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { times.painted = performance.now(); };
  let asked = false;
  new MutationObserver(() => {
    times.changed = performance.now();
    if (asked) return;
    asked = true;
    // The message comes after the picture.
    requestAnimationFrame(() => { asked = false; channel.port2.postMessage(0); });
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
})()`;

const begin = `{
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(2000);
  Object.assign(window.times, { began: performance.now(), event: 0, painted: 0, changed: 0 });
}`;

const quietMs = 250;

/** Nothing has changed for a moment, and nothing is loading. */
const quiet = `new Promise((done) => {
  const isQuiet = () => {
    const answers = performance.getEntriesByType("resource").map((entry) => entry.responseEnd);
    const last = Math.max(window.times.began, window.times.changed, ...answers);
    return performance.now() - last > ${quietMs} && document.querySelector("[aria-busy=true], .loading") === null;
  };
  const wait = () => (isQuiet() ? done() : setTimeout(wait, 50));
  wait();
})`;

const read = `(() => {
  const { began, event, painted } = window.times;
  const answers = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/v1/"));
  const last = answers.toSorted((a, b) => a.responseEnd - b.responseEnd).at(-1);
  const from = last && last.responseEnd < painted ? last.responseEnd : began;
  return { paint: event, answer: last?.duration, shown: Math.max(0, painted - from) };
})()`;

export async function timesOf(
  page: Page,
  act: () => Promise<unknown>,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Times> {
  await prepare();
  await page.evaluate(watch);
  await page.evaluate(quiet);
  await page.evaluate(begin);
  await act();
  await page.evaluate(quiet);
  return (await page.evaluate(read)) as Times;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
