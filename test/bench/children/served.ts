import { Session } from 'node:inspector/promises';
import { addressList } from '../../../server/access/address-list.ts';
import {
  type Answer,
  type Content,
  chooseEncoding,
  makeAnswer,
  send,
} from '../../../server/answers.ts';
import { startServer } from '../../../server/commands/start-server.ts';
import { openDatabase } from '../../../server/store/database.ts';
import { answerParent } from './answer-parent.ts';
import { longestHold, watchHolds } from './holds.ts';
import { mostMemory } from './memory.ts';
import { processorTime } from './processor-time.ts';

/** A static page, sent by the same server and in the same way as the shell that it is compared with. */
export interface StaticPage {
  path: string;
  body: string;
  headers: Record<string, string>;
}

const db = process.argv[2]!;
const pages = new Map<string, Content>();
const answers = new Map<string, Promise<Answer>>();
const database = await openDatabase(db);
/** A burst limit that is counted as any other but never reached. */
const keyBurst = { atOnce: 1e9, perSecond: 1e9 };
/** Lets a request claim any client address. */
const trustedProxy = addressList('127.0.0.1');
const options = {
  ...{ db, port: 0, host: '127.0.0.1', trustedProxy, answerMemory: 128, keyBurst },
  ...{ webhooks: 'on' as const, webhookAllow: trustedProxy },
};
const server = await startServer(database, options, ({ koa }) => {
  koa.use(async (context, next) => {
    const page = pages.get(context.path);
    if (!page) return next();
    const encoding = chooseEncoding(context);
    const name = `${encoding} ${context.path}`;
    let answer = answers.get(name);
    if (!answer) {
      answer = makeAnswer(page, context.path, encoding);
      answers.set(name, answer);
    }
    send(context, await answer);
  });
});
const profiler = new Session();

answerParent({
  address: () => server.address,
  memory: () => process.memoryUsage.rss(),
  processorTime,
  mostMemory,
  watchHolds,
  longestHold,
  addPage: ({ path, body, headers }: StaticPage) => {
    const type = 'text/html; charset=utf-8';
    pages.set(path, { type, body, headers });
  },
  async startProfile() {
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.start');
  },
  async stopProfile() {
    const { profile } = await profiler.post('Profiler.stop');
    profiler.disconnect();
    return profile;
  },
});
