export { type ErrorCode, PropTallyError } from './error.ts';
export type { Messages } from './follow.ts';
export type { List } from './list.ts';
export { PropTally } from './proptally.ts';
export type { PostOptions, PropTallyOptions } from './request.ts';
export type { CallOptions } from './send.ts';
export type * from './types.ts';
export { type VerifiedEvent, verifyWebhook, WebhookError, type WebhookHeaders } from './webhook.ts';
