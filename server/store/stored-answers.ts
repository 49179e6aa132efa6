import type SQLite from 'better-sqlite3';
import { prepared } from './statements.ts';

/** Empties the stored answers that tell of an account or a user; the requests stay answered. */
export function eraseAnswers(handle: SQLite.Database, partnerId: string, subject: string): void {
  prepared(
    handle,
    `update stored_answers set content = null, subjects = ''
     where partner_id = ? and instr(subjects, ?) > 0`,
  ).run(partnerId, subject);
}
