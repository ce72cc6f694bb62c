/** What Cloudflare's plugin offers to itself: work in the object that runs the tests. */
declare module "cloudflare:test-internal" {
  export function runInRunnerObject<R>(callback: () => R | Promise<R>): Promise<R>;
}
