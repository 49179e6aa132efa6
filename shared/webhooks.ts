import type { EventType } from './events.ts';
import { day, hour, minute, second } from './time.ts';

/** How many webhooks a partner may have. */
export const mostWebhooks = 5;

/** What a new webhook is sent, unless something else is asked for. */
export const defaultEvents: readonly EventType[] = ['trade.created', 'trade.updated'];

/** How long an answer may take in all, ms. */
export const answerTimeout = 10 * second;

/** How much of an answer is read, and how much of it is kept to be looked at, in bytes. */
export const readOfAnswer = 64 * 1024;
export const keptOfAnswer = 16 * 1024;

/** Answers of more characters are long: of a webhook, so many of those are kept. */
export const longestShortAnswer = 200;
export const keptLongAnswers = 1_000;

/** How many attempts of a delivery are kept. */
export const keptAttempts = 20;

/** The pauses after the first, second, … failed attempt, ms; after the last one no other follows. */
export const pauses = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** By how much of itself a pause may be shorter or longer. */
export const jitter = 0.2;

/** The longest time for which an answer's Retry-After is respected, ms. */
export const longestRetryAfter = day;

/** A webhook that does nothing but fail for so long is disabled, ms. */
export const longestFailing = 5 * day;

/** How many deliveries are on their way to a webhook at once. */
export const deliveriesAtOnce = 10;

/** How long an old secret goes on signing: at most, in seconds. */
export const longestSecretOverlap = day / second;

/** `waiting`: it is still to be delivered; `canceled`: its event was erased before it could be. */
export const deliveryStates = ['waiting', 'delivered', 'failed', 'canceled'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

/** Why an attempt failed, other than by the status of the answer; for people and programs. */
export const attemptProblems = {
  timeout: 'There was no complete answer within ten seconds.',
  no_public_address:
    'The host has no public address: nothing is sent to loopback, private, link-local and other special ones.',
  connection_refused: 'The host accepts no connection at this port.',
  connection_failed: 'The connection could not be made, or broke.',
  tls_failed: 'The TLS certificate is not valid for this host, or there is no TLS.',
  invalid_answer: 'The answer is not HTTP that can be read, or its headers are too large.',
} as const;

export type AttemptProblem = keyof typeof attemptProblems;
