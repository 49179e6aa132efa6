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
  how: How<Reply> = {},
): void {
  let last = Promise.resolve();
  listen<Job>((job) => {
    last = last.then(() => reply(job, perform, how));
  });
}

/** The same, but the jobs are performed all at once. */
export function replyAtOnce<Job, Reply extends { failure?: Failure }>(
  perform: Perform<Job, Reply>,
): void {
  listen<Job>((job) => void reply(job, perform, {}));
}

function listen<Job>(begin: (job: Numbered<Job>) => void): void {
  parentPort!.on('message', begin);
}

async function reply<Job, Reply extends { failure?: Failure }>(
  { number, content: job }: Numbered<Job>,
  perform: Perform<Job, Reply>,
  { explain = (error) => error, movedOf }: How<Reply>,
): Promise<void> {
  const content = await perform(job).catch((error) => ({ failure: failureOf(explain(error)) }));
  const message: Numbered<unknown> = { number, content };
  parentPort!.postMessage(message, movedOf?.(content as Reply) ?? []);
}
