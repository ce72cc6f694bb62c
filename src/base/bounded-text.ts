/** The text of an answer; undefined: it is longer than that many bytes. */
export async function boundedText(response: Response, mostBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let [text, length] = ["", 0];
  for await (const bytes of response.body ?? []) {
    length += bytes.length;
    if (length > mostBytes) return undefined;
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}
