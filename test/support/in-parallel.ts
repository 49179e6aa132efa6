/** A busy machine resets further connections, which its queue of unaccepted ones can't hold. */
const mostAtOnce = 100;

/** Runs `work` so many times, up to a hundred at once; returns the results in the order they finish. */
export async function inParallel<Result>(
  times: number,
  work: (turn: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let begun = 0;
  const goOn = async () => {
    while (begun < times) results.push(await work(begun++));
  };
  await Promise.all(Array.from({ length: Math.min(times, mostAtOnce) }, goOn));
  return results;
}
