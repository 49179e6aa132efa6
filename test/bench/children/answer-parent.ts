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

/** Calls the function that the parent process names, and sends back its result or error. */
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
