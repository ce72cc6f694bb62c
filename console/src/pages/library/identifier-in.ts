/** The identifier of a profile in XML: the keys of the profile itself come after its payloads, or it has none yet. */
export function identifierIn(text: string): string {
  const whole = text.replace(/<key>PayloadContent<\/key>\s*<array>[\s\S]*<\/array>/, "");
  return /<key>PayloadIdentifier<\/key>\s*<string>([^<]*)<\/string>/.exec(whole)?.[1] ?? "";
}
