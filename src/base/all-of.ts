/** Waits for all of them at once, each under its name. */
export async function allOf<Waited extends Readonly<Record<string, unknown>>>(
  waited: Waited,
): Promise<{ [Name in keyof Waited]: Awaited<Waited[Name]> }> {
  const entries = Object.entries(waited).map(async ([name, value]) => [name, await value]);
  return Object.fromEntries(await Promise.all(entries));
}
