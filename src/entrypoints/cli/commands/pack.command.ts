import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '../../../app.js';
import { KIND_RULES, PACK_DATA_TYPES, PACK_KINDS, PACK_LANGUAGES, REDACTABLE, type PackRequest } from '../../../domain/evidence/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { EXIT, type Call, type Command, UsageError } from '../frame/command.js';
import { instantFrom, oneOf, purposeFrom, purposeOption } from '../frame/shared-options.js';
import { facts } from '../frame/table.js';

export const packCommand: Command = {
  name: 'pack', summary: 'Make an evidence pack, a sealed PDF that verifies without this system: of one call, an account, a period or a purge; making and handing out are on record',
  arguments: [{ name: 'REQUEST_ID', optional: true, help: "the call's id, ours, the provider's or the client's; for a dispute and a scheme exhibit" }],
  options: {
    out: { value: 'FILE', required: true, help: 'where to write it; readable by you alone. Volumes are written beside it, named as it names them' }, ...purposeOption('dispute_resolution'),
    kind: { value: 'KIND', help: `${PACK_KINDS.join(', ')}; dispute unless given` }, language: { value: 'LANGUAGE', help: `${PACK_LANGUAGES.join(', ')}; en unless given` }, reason: { value: 'TEXT', help: 'the question it answers; printed on the cover' },
    account: { value: 'ACCOUNT', help: 'for a lawful request and a subject access; narrows a period' }, from: { value: 'INSTANT', help: 'start of the period' }, until: { value: 'INSTANT', help: 'its end, excluded' },
    'data-type': { value: 'TYPE', multiple: true, help: `of ${PACK_DATA_TYPES.join(', ')}` }, run: { value: 'RUN_ID', help: 'the purge run, for a purge certificate' }, case: { value: 'NUMBER', help: 'case it belongs to; printed on the cover' },
    redact: { value: 'COLUMN', multiple: true, help: `a column to take out: ${REDACTABLE.join(', ')}` }, authority: { value: 'TEXT', help: 'for a lawful request: who asks' }, instrument: { value: 'TEXT', help: 'and by what' },
  },
  example: 'holdfast pack 01999d5e-7b3c-7000-8000-000000000000 --out dispute-17.pdf --language both --reason "Was this call answered?"',
  run: (call) => {
    const request = requestFrom(call), out = call.need('out');
    return call.withApp(async (app, actor) => {
      const { packId, path } = call.accept(await app.evidence.makePack(actor, request));
      // On record before it leaves: a copy nobody knows of is worse than a record of a copy that failed.
      call.accept(await app.act(actor, (tx) => app.evidence.recordDownload(tx, packId)));
      // Takes the mode of the pack's own file along (0600) before the content, also where the file was there before.
      copyFileSync(path, out);
      const volumes = await copyVolumes(app, actor, call, packId, dirname(out));
      const pack = await app.evidence.findPack(packId);
      call.print({ packId, file: out, sha256: pack?.sha256, bytes: pack?.bytes, pages: pack?.pages, ...(volumes.length > 0 ? { volumes } : {}) },
        facts({ pack: packId, file: out, pages: pack?.pages, bytes: pack?.bytes, 'sha-256': pack?.sha256, ...(volumes.length > 0 ? { volumes: volumes.join(', ') } : {}) }));
      return EXIT.done;
    });
  },
};

function requestFrom(call: Call): PackRequest {
  const requestId = call.argument('REQUEST_ID'), kind = oneOf(PACK_KINDS, call.text('kind') ?? 'dispute', '--kind'), needsCall = KIND_RULES[kind].subject === 'call';
  if (needsCall !== (requestId !== '')) throw new UsageError(needsCall ? `a pack of kind ${kind} is about one call: give REQUEST_ID` : `a pack of kind ${kind} is not about one call: leave REQUEST_ID out`);
  const authority = call.text('authority'), instrument = call.text('instrument'), dataTypes = call.texts('data-type').map((type) => oneOf(PACK_DATA_TYPES, type, '--data-type'));
  const given = { reason: call.text('reason'), accountId: call.text('account'), from: instantFrom(call, 'from'), until: instantFrom(call, 'until'), runId: call.text('run'), caseNumber: call.text('case') };
  return {
    kind, purpose: purposeFrom(call, 'dispute_resolution'), language: oneOf(PACK_LANGUAGES, call.text('language') ?? 'en', '--language'), redact: call.texts('redact'),
    ...(needsCall ? { requestId } : {}), ...(dataTypes.length > 0 ? { dataTypes } : {}), ...(authority !== undefined && instrument !== undefined ? { legal: { authority, instrument } } : {}),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

/** The volumes of a pack beside its master; each is a download of its own. Answers their paths. */
async function copyVolumes(app: App, actor: Actor, call: Call, packId: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { volume, sha256 } of await app.evidence.packFiles(packId)) {
    const file = volume === 0 ? undefined : await app.evidence.packFile(packId, volume);
    if (!file) continue;
    call.accept(await app.act(actor, (tx) => app.evidence.recordDownload(tx, packId, { number: volume, sha256 })));
    copyFileSync(file.path, join(folder, file.name));
    paths.push(join(folder, file.name));
  }
  return paths;
}
