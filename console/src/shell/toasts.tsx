// Short news of what was done, for eyes and for screen readers. A fault is said where it happened, not here.
import { signal } from "@preact/signals";

const news = signal<readonly { id: number; text: string }[]>([]);
let last = 0;

export function say(text: string): void {
  const id = ++last;
  news.value = [...news.value.slice(-2), { id, text }];
  setTimeout(() => {
    news.value = news.value.filter((one) => one.id !== id);
  }, 5000);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {news.value.map(({ id, text }) => (
        <p key={id} class="toast">
          {text}
        </p>
      ))}
    </div>
  );
}
