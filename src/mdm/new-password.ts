// Read from a screen and typed on a Mac in recovery, whatever its keyboard: no letter that looks like another.
const alphabet = "abcdefghkmnpqrstuvwxABCDEFGHKLMNPQRSTUVWX23456789";
const length = 20;

/** A password that the server makes and escrows, for people to type. */
export function newPassword(): string {
  const usable = 256 - (256 % alphabet.length);
  const letters: string[] = [];
  while (letters.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < usable && letters.length < length) letters.push(alphabet[byte % alphabet.length] as string);
    }
  }
  return letters.join("");
}
