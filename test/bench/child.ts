import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Reply } from './children/answer-parent.ts';

/** A script of `children/` in a process of its own. */
export interface Child {
  /** Calls a function of the script by its name. */
  ask<Result>(name: string, argument?: unknown): Promise<Result>;
  /** Ends the process and waits until it has exited. */
  stop(): Promise<void>;
}

export function startChild(
  script: string,
  parameters: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Child {
  const file = path.join(import.meta.dirname, 'children', script);
  const child = fork(file, parameters, { execArgv: [...nodeOptions], serialization: 'advanced' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  child.on('message', ({ number, result, error }: Reply) => {
    const call = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(`${script}: ${error}`));
  });
  let gone: Error | null = null;
  const exit = once(child, 'exit').then(([code, signal]) => {
    gone = new Error(`${script} ended by itself (${signal ?? code})`);
    for (const call of waiting.values()) call.reject(gone);
  });
  return {
    ask: <Result>(name: string, argument?: unknown) => {
      if (gone) return Promise.reject(gone);
      const call = Promise.withResolvers<unknown>();
      const number = asked++;
      waiting.set(number, call);
      child.send({ number, name, argument });
      return call.promise as Promise<Result>;
    },
    stop: async () => {
      // An open channel would keep the process alive.
      if (child.connected) child.disconnect();
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Runs `work` with children, and stops them whether it succeeded or failed. */
export async function withChildren<Children extends Record<string, Child>, Result>(
  children: Children,
  work: (children: Children) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(children);
  } finally {
    await Promise.all(Object.values(children).map((child) => child.stop()));
  }
}
