// Every browser component of the console, named once. AdminJS bundles them from the sources, which therefore ship with the program.
import { join } from 'node:path';
import { ComponentLoader } from 'adminjs';
import { projectRoot } from '../../platform/config/adminjs-environment.js';

const pathOf = (file: string): string => join(projectRoot(), 'src', 'entrypoints', 'console', 'components', `${file}.tsx`);

export const componentLoader = new ComponentLoader();

/** Names by which AdminJS options refer to components. */
export const Components = {
  Home: componentLoader.add('HoldfastHome', pathOf('home')),
  Lookup: componentLoader.add('HoldfastLookup', pathOf('lookup')),
  Usage: componentLoader.add('HoldfastUsage', pathOf('usage')),
  PaymentsImport: componentLoader.add('HoldfastPaymentsImport', pathOf('payments-import')),
  Reconcile: componentLoader.add('HoldfastReconcile', pathOf('reconcile')),
  Transparency: componentLoader.add('HoldfastTransparency', pathOf('transparency')),
  VerifyPack: componentLoader.add('HoldfastVerifyPack', pathOf('verify-pack')),
  Purge: componentLoader.add('HoldfastPurge', pathOf('purge')),
  Erasure: componentLoader.add('HoldfastErasure', pathOf('erasure')),
  Retention: componentLoader.add('HoldfastRetention', pathOf('retention')),
  Explain: componentLoader.add('HoldfastExplain', pathOf('explain')),
  Approvals: componentLoader.add('HoldfastApprovals', pathOf('approvals')),
} as const;

// The frame around every page, and the routes that show lists and records.
componentLoader.override('TopBar', pathOf('top-bar'));
componentLoader.override('Sidebar', pathOf('sidebar'));
componentLoader.override('ResourceRoute', pathOf('list-route'));
componentLoader.override('ResourceActionRoute', pathOf('list-route'));
componentLoader.override('RecordActionRoute', pathOf('record-route'));
