// Whether the window "go anywhere, do anything" is open. It is a file of its own so that the window itself loads when it is
// first needed.
import { signal } from "@preact/signals";

export const paletteOpen = signal(false);

export const openPalette = (): void => {
  paletteOpen.value = true;
};
