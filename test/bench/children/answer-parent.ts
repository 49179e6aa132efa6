export interface Call {
  number: number;
  name: string;
  argument: unknown;
}

export interface Reply {
  number: number;
  result?: unknown;
  error?: string;
}

type Answers = Record<string, (argument: never) => unknown>;

/** Answers what the process that started this one asks, by name. */
export function answerParent(answers: Answers): void {
  process.on('message', async ({ number, name, argument }: Call) => {
    const reply: Reply = { number };
    try {
      reply.result = await answers[name]!(argument as never);
    } catch (error) {
      reply.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    process.send?.(reply);
  });
}
