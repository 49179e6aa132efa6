/** What is put on record. */
export const auditActions = [
  'key.created',
  'key.changed',
  'key.paused',
  'key.resumed',
  'key.rolled',
  'key.revoked',
  'branding.changed',
  'origins.changed',
  'embed_token.created',
  'embed_tokens.revoked',
  'address.added',
  'address.removed',
  // A sign-in link, by the operator; what is mailed is not put on record.
  'link.created',
  'session.opened',
  'session.ended',
  'partner.changed',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** Who does it; `operator`: whoever has the server's command line. */
export const actorTypes = ['session', 'key', 'operator'] as const;

export type ActorType = (typeof actorTypes)[number];
