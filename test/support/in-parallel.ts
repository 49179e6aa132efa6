/** More at once than a machine that is busy takes in: it resets connections that nobody accepts. */
const mostAtOnce = 100;

/** Does something so many times, as many at once as any machine bears; what came of each. */
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
