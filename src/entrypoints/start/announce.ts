// What a person sees when everything runs.

export interface Announcement {
  readonly gatewayUrl: string; readonly consoleUrl: string; readonly home: string; readonly firstRunFile: string | undefined;
  /** The servers that are ours, and the folder of their data. */
  readonly embedded: readonly string[]; readonly serverFolder: string;
  /** Present when a model can be called at once. */
  readonly example: { readonly apiKey: string; readonly model: string } | undefined;
  /** Why nothing is read from the database yet. */
  readonly closed?: string;
}

/** The text `start` prints: where everything is, and a command line that works as pasted. */
export function announcement(a: Announcement): string {
  const body = (model: string): string => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    '',
    ...a.closed === undefined ? [] : [`CLOSED: ${a.closed}.`, 'See what would happen with `holdfast purge replay --dry-run`. Doors open by themselves afterwards.', ''],
    `Holdfast is running${a.embedded.length > 0 ? `, with its own ${a.embedded.join(' and ')} in ${a.serverFolder}` : ''}.`,
    '',
    `  Gateway      ${a.gatewayUrl}`,
    `  Console      ${a.consoleUrl}/console`,
    ...a.firstRunFile ? [`  Credentials  ${a.firstRunFile}`] : [],
    `  Logs         ${a.home}/run/`,
    ...a.example ? [
      '', 'A first call; the stand-in provider of this machine answers it:', '',
      `curl ${a.gatewayUrl}/v1/chat/completions -H 'authorization: Bearer ${a.example.apiKey}' -H 'content-type: application/json' -d ${quote(body(a.example.model))}`,
    ] : [],
    '', 'Ctrl-C stops everything.', '',
  ].join('\n');
}

/** The text as one word of a POSIX shell. */
function quote(text: string): string { return `'${text.replaceAll("'", "'\\''")}'`; }
