/** How near to the viewport an element counts as visible. */
const rootMargin = '200px';

const callbacks = new Map<Element, (isVisible: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Calls `changed` when an element scrolls into view or out of it; returns a function that stops that. */
export function watchVisibility(
  element: Element,
  changed: (isVisible: boolean) => void,
): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) callbacks.get(target)?.(isIntersecting);
    },
    { rootMargin },
  );
  callbacks.set(element, changed);
  observer.observe(element);
  return () => {
    observer!.unobserve(element);
    callbacks.delete(element);
  };
}
