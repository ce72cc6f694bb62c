/** What the work answers, or a throw of what `late` makes when it takes longer. The work itself goes on unheard. */
export async function withDeadline<Value>(
  ms: number,
  work: () => PromiseLike<Value>,
  late: () => Error,
): Promise<Value> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
