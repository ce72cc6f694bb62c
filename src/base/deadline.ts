/** Returns the result of the work, or throws what `late` makes if it takes longer. The work itself continues. */
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
