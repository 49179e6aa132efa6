/** How near to the view, in px, counts as in sight. */
const margin = '200px';

const callbacks = new Map<Element, (isInSight: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Calls `changed` when an element comes into sight or goes out of it; returns what ends that. */
export function watchSight(element: Element, changed: (isInSight: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) callbacks.get(target)?.(isIntersecting);
    },
    { rootMargin: margin },
  );
  callbacks.set(element, changed);
  observer.observe(element);
  return () => {
    observer!.unobserve(element);
    callbacks.delete(element);
  };
}

/** The widgets that are in the page, in whatever document tree. */
export const watched = () => callbacks.keys();
