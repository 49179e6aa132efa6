const opensMore =
  'This key opens more than widgets. Put it in no page: make one with embed:read alone.';

/** Why a key should stand in no page; empty when nothing speaks against it. Only this server is asked. */
export async function warningOf(key: string): Promise<string> {
  if (!key) return '';
  if (!/^pt_[0-9a-f]{56}$/.test(key))
    return 'This is not a key. One begins with pt_ and has 56 hex digits.';
  try {
    // What no key for pages opens, and every other one does.
    const { ok } = await fetch('/api/partner/dashboard', { headers: { 'X-API-Key': key } });
    return ok ? opensMore : '';
  } catch {
    return '';
  }
}
