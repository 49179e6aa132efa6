import { workerData } from 'node:worker_threads';
import { Sender, type SendRules } from '../events/send.ts';
import { replyAtOnce } from './replying.ts';
import type { Job, Reply } from './sender-thread.ts';

/** The thread that sends to webhooks: signing, encrypting and waiting for others take no request's time. */

const sender = new Sender(workerData as SendRules);

replyAtOnce<Job, Reply>(async (sending) => ({ outcome: await sender.send(sending) }));
