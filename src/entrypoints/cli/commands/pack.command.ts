import { copyFileSync } from 'node:fs';
import { PACK_LANGUAGES } from '../../../domain/evidence/index.js';
import { EXIT, type Command } from '../frame/command.js';
import { oneOf, purposeFrom, purposeOption } from '../frame/shared-options.js';
import { facts } from '../frame/table.js';

export const packCommand: Command = {
  name: 'pack', summary: 'Make the evidence pack of one call, a sealed PDF that verifies without this system; making and handing out are on record',
  arguments: [{ name: 'REQUEST_ID', help: "the call's id, ours, the provider's or the client's" }],
  options: {
    out: { value: 'FILE', required: true, help: 'where to write it; readable by you alone' }, ...purposeOption('dispute_resolution'),
    language: { value: 'LANGUAGE', help: `${PACK_LANGUAGES.join(', ')}; en unless given` }, reason: { value: 'TEXT', help: 'the question it answers; printed on the cover' },
  },
  example: 'holdfast pack 01999d5e-7b3c-7000-8000-000000000000 --out dispute-17.pdf --language both --reason "Was this call answered?"',
  run: (call) => {
    const requestId = call.argument('REQUEST_ID'), out = call.need('out'), reason = call.text('reason');
    const purpose = purposeFrom(call, 'dispute_resolution'), language = oneOf(PACK_LANGUAGES, call.text('language') ?? 'en', '--language');
    return call.withApp(async (app, actor) => {
      const { packId, path } = call.accept(await app.evidence.makePack(actor, { requestId, purpose, language, ...(reason === undefined ? {} : { reason }) }));
      // On record before it leaves: a copy nobody knows of is worse than a record of a copy that failed.
      call.accept(await app.act(actor, (tx) => app.evidence.recordDownload(tx, packId)));
      // Takes the mode of the pack's own file along (0600) before the content, also where the file was there before.
      copyFileSync(path, out);
      const pack = await app.evidence.findPack(packId);
      call.print({ packId, file: out, sha256: pack?.sha256, bytes: pack?.bytes, pages: pack?.pages }, facts({ pack: packId, file: out, pages: pack?.pages, bytes: pack?.bytes, 'sha-256': pack?.sha256 }));
      return EXIT.done;
    });
  },
};
