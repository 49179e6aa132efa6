import { Command, CommanderError } from 'commander';
import { accountCommand } from './commands/account.ts';
import { auditCommand } from './commands/audit.ts';
import { backupCommand } from './commands/backup.ts';
import { brandCommand } from './commands/brand.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { importsCommand } from './commands/imports.ts';
import { version } from './commands/installed.ts';
import { keyCommand } from './commands/key.ts';
import { newSecretCommand } from './commands/new-secret.ts';
import { observeCommand } from './commands/observe.ts';
import { originsCommand } from './commands/origins.ts';
import { exitCodes, explain, NotUnderstood, outliveReaders, visible } from './commands/output.ts';
import { partnerCommand } from './commands/partner.ts';
import { serveCommand } from './commands/serve.ts';
import { signInCommand } from './commands/sign-in.ts';
import { tokenCommand } from './commands/token.ts';
import { tradeCommand } from './commands/trade.ts';
import { userCommand } from './commands/user.ts';

const program = new Command('proptally')
  .description(
    'Trading analytics that prop firms embed: widgets and a JSON API over one SQLite file.',
  )
  .version(version, '--version', 'print the version')
  .addHelpText(
    'after',
    '\nExit codes: 0 success, 1 failure, 2 invalid command or setting, 3 import refused.',
  );

for (const command of [
  serveCommand(),
  partnerCommand(),
  keyCommand(),
  brandCommand(),
  originsCommand(),
  tokenCommand(),
  signInCommand(),
  auditCommand(),
  userCommand(),
  accountCommand(),
  tradeCommand(),
  importCommand(),
  importsCommand(),
  exportCommand(),
  observeCommand(),
  newSecretCommand(),
  backupCommand(),
  doctorCommand(),
  demoCommand(),
]) {
  program.addCommand(command);
}

/**
 * Keeps Commander from ending the process and from printing arguments unescaped. Each command needs
 * these settings.
 */
function configure(command: Command): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text, write) => {
      const lines = text.trimEnd().split(/\n(?=\(Did you mean )/);
      write(`${lines.map(visible).join('\n')}\n`);
    },
  });
  command.commands.forEach(configure);
}

outliveReaders();
configure(program);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.notUnderstood;
  } else {
    process.stderr.write(`${visible(explain(error))}\n`);
    process.exitCode = error instanceof NotUnderstood ? exitCodes.notUnderstood : exitCodes.failed;
  }
}
