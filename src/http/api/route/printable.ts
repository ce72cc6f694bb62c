// Without control characters, spelled out: `\p{Cc}` is no pattern for many programs that read the description.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it keeps out
export const printable = /^[^\u0000-\u001f\u007f-\u009f]+$/;

/** Nor with spaces at its ends. */
export const printableTrimmed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it keeps out
  /^[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?$/;
