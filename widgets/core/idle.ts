/** Does something once the page has nothing else to do; in a browser that doesn't tell, soon. */
export function whenIdle(work: () => void): void {
  // Where there is no requestIdleCallback, an element of the page may be called so.
  (typeof requestIdleCallback === 'function' ? requestIdleCallback : setTimeout)(work);
}
