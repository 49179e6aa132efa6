import { parentPort, type Transferable } from 'node:worker_threads';
import { type Failure, failureOf } from './failures.ts';
import type { Numbered } from './thread.ts';

interface How<Reply> {
  /** An error as who gave the job is told it. */
  explain?(error: unknown): unknown;
  /** What of a reply is moved instead of copied. */
  movedOf?(reply: Reply): readonly Transferable[];
}

type Perform<Job, Reply> = (job: Job) => Promise<Reply>;

/** What a thread does: it performs each job that it is told, one after another, and replies. */
export function replyInTurn<Job, Reply extends { failure?: Failure }>(
  perform: Perform<Job, Reply>,
  { explain = (error) => error, movedOf }: How<Reply> = {},
): void {
  let last = Promise.resolve();
  const reply = async ({ number, content: job }: Numbered<Job>) => {
    const content = await performed(perform, job, explain);
    parentPort!.postMessage([{ number, content }], movedOf?.(content as Reply) ?? []);
  };
  listen<Job>((job) => {
    last = last.then(() => reply(job));
  });
}

/**
 * The same, but the jobs are performed all at once. What is done in one turn of the event loop is
 * replied together.
 */
export function replyAtOnce<Job, Reply extends { failure?: Failure }>(
  perform: Perform<Job, Reply>,
): void {
  let replies: Numbered<unknown>[] = [];
  const tell = () => {
    parentPort!.postMessage(replies);
    replies = [];
  };
  listen<Job>(async ({ number, content: job }) => {
    const content = await performed(perform, job);
    if (replies.length === 0) setImmediate(tell);
    replies.push({ number, content });
  });
}

function listen<Job>(begin: (job: Numbered<Job>) => void): void {
  parentPort!.on('message', (jobs: Numbered<Job>[]) => jobs.forEach(begin));
}

function performed<Job, Reply>(
  perform: Perform<Job, Reply>,
  job: Job,
  explain: (error: unknown) => unknown = (error) => error,
): Promise<Reply | { failure: Failure }> {
  return perform(job).catch((error) => ({ failure: failureOf(explain(error)) }));
}
