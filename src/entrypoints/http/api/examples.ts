// Values the examples of the OpenAPI document share.
export const EXAMPLE = {
  id: '0193c1a2-7b3c-7000-8000-0123456789ab', other: '0193c1a2-7b3c-7001-8000-0123456789ab', at: '2026-11-24T10:00:00.000Z', later: '2027-11-24T10:00:00.000Z',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', account: 'acme', provider: 'openai', cursor: 'b2xkZXN0OjAxOTNjMWEy',
  note: 'holdfast.local/log\n512\nn4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=\n\n— holdfast.local/log az3grl…\n',
} as const;
