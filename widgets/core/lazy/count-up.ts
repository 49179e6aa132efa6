import type { AnswerHost } from '../answer-host.ts';

type Answer = NonNullable<AnswerHost['answer']>;

/** In ms. */
const duration = 160;

/** Lets the figures of an answer that has just come count from those before it, where motion is welcome. */
export function countUp(host: AnswerHost, before: Answer | undefined): void {
  const after = host.answer;
  if (!after || !before || after === before) return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const start = performance.now();
  let shown = after;
  const step = (now: number) => {
    // Another answer has come.
    if (host.answer !== shown) return;
    const share = Math.min(1, Math.max(0, (now - start) / duration));
    shown = share === 1 ? after : { ...after, data: between(before.data, after.data, ease(share)) };
    host.answer = shown;
    if (share < 1) requestAnimationFrame(step);
  };
  step(start);
}

/** Fast at first. */
const ease = (share: number) => 1 - (1 - share) ** 3;

/** Numbers above it are moments, which don't count. */
const largest = 1e11;

/** An object whose numbers are between those of two others. Lists are as they will be. */
function between<Data extends object>(before: object, after: Data, share: number): Data {
  const entries = Object.entries(after).map(([name, to]) => {
    const from = (before as Record<string, unknown>)[name];
    if (typeof from === 'number' && typeof to === 'number' && Math.abs(to) < largest) {
      const value = from + (to - from) * share;
      return [name, Number.isInteger(from) && Number.isInteger(to) ? Math.round(value) : value];
    }
    const isPair = [from, to].every((each) => each && typeof each === 'object');
    return [name, isPair && !Array.isArray(to) ? between(from as object, to, share) : to];
  });
  return Object.fromEntries(entries) as Data;
}
