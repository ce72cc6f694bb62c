// Files from and to the person's computer.

/** Hands the person a file. */
export function giveFile(name: string, content: BlobPart, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const readBytes = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
