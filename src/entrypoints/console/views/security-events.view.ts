import type { ReadModel } from './read-model.js';

/** Sign-ins, lockouts, refused keys and the like. */
export const securityEvents: ReadModel = {
  id: 'security_events', from: 'security_events', key: 'event_id', keyIsTime: true, title: 'kind', order: { column: 'at', direction: 'desc' },
  columns: [
    { name: 'at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'kind', kind: 'code', filter: 'exact', list: true },
    { name: 'severity', kind: 'status', filter: 'exact', list: true },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'key_id', kind: 'id', filter: 'exact', uuid: true, link: 'keys' },
    { name: 'operator_id', kind: 'id', filter: 'exact', uuid: true, link: 'operators' },
    { name: 'address', kind: 'code', filter: 'exact', list: true },
    { name: 'detail', kind: 'json', list: true },
    { name: 'event_id', kind: 'id', filter: 'exact', uuid: true },
  ],
};
