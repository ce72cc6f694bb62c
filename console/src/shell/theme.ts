// Light or dark: as the system says, unless a person says otherwise on this computer.
import { signal } from "@preact/signals";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const place = "edgemdm-theme";

const remembered = (): Theme => themes.find((theme) => theme === localStorage.getItem(place)) ?? "auto";

export const theme = signal<Theme>(remembered());

export function showTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(place, chosen);
  document.documentElement.dataset.theme = chosen;
}

export function toggleTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const now = theme.peek() === "auto" ? system : theme.peek();
  showTheme(now === "dark" ? "light" : "dark");
}
