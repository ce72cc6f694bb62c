/** What is shown to Apple is shown to nobody else: only a service on the same machine, for tests, may be asked without TLS. */
export function baseUrlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.username || url.search || url.hash) return "must be the address of a service";
  const isLocal = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    return "must be https, or http on this machine for tests";
  return undefined;
}
