// Every command, in the order in which help lists them.
import { applyCommand } from './commands/apply.command.js';
import { approvalCommands } from './commands/approval.command.js';
import { contentCommands } from './commands/content.command.js';
import { reconcileCommands } from './commands/reconcile.command.js';
import { caseCommands } from './commands/case.command.js';
import { erasureCommands } from './commands/erasure.command.js';
import { holdCommands } from './commands/hold.command.js';
import { invoiceCommands } from './commands/invoice.command.js';
import { keyCommands } from './commands/key.command.js';
import { lookupCommand } from './commands/lookup.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { operatorCommands } from './commands/operator.command.js';
import { packCommand } from './commands/pack.command.js';
import { paymentsCommands } from './commands/payments.command.js';
import { providerCommands } from './commands/provider.command.js';
import { pricesCommands } from './commands/prices.command.js';
import { proveCommand } from './commands/prove.command.js';
import { purgeReplayCommand } from './commands/purge-replay.command.js';
import { purgeCommands } from './commands/purge.command.js';
import { retentionCommands } from './commands/retention.command.js';
import { tokenCommands } from './commands/token.command.js';
import { usageCommand } from './commands/usage.command.js';
import { verifyCommand } from './commands/verify.command.js';
import type { Command } from './frame/command.js';

export const COMMANDS: readonly Command[] = [migrateCommand, applyCommand, lookupCommand, usageCommand, packCommand, verifyCommand, proveCommand, ...retentionCommands, ...purgeCommands, ...erasureCommands, purgeReplayCommand, ...holdCommands, ...caseCommands, ...reconcileCommands, ...approvalCommands, ...contentCommands, ...keyCommands, ...operatorCommands, ...tokenCommands, ...providerCommands, ...pricesCommands, ...paymentsCommands, ...invoiceCommands];
