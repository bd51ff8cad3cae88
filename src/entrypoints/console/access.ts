// The one way a resource enters the console: everything AdminJS would allow by itself is denied, every change is a named action.
import type { ActionContext, ActionRequest, ActionResponse, ResourceOptions } from 'adminjs';
import type { App } from '../../app.js';
import type { Permission } from '../../domain/security/index.js';
import type { Purpose } from '../../kernel/actor.js';
import { actionHandler, allowed, operatorOf } from './action-handler.js';
import type { ConsoleAction } from './console-action.js';
import { readingList, readingShow, type Reading } from './reading.js';
import { actorOf } from './security/session.js';
import { ServiceResource } from './service-resource.js';
import type { Column, ReadModel } from './views/read-model.js';
import type { Row } from './views/read-model.view.js';

export interface ResourceDefinition {
  readonly model: ReadModel;
  /** Heading of the navigation it stands under, and its icon there. */
  readonly group: string;
  readonly icon: string;
  /** Needed to see the list and its records. */
  readonly read: Permission;
  /** Records are not shown by themselves but on another page ('lookup'). */
  readonly recordsOn?: 'lookup';
  /** It shows customer data: whoever reads it names a purpose, and the reading is recorded. */
  readonly reading?: Reading;
  /** Its records are read for one purpose alone, which stands with the list; each reading of one is recorded under it. */
  readonly viewed?: { readonly action: string; readonly subject: string; readonly purpose: Purpose };
  readonly actions?: readonly ConsoleAction[];
}

const BUILT_IN_WRITES = ['new', 'edit', 'delete', 'bulkDelete', 'search'] as const;
type Options = NonNullable<ResourceOptions['actions']>;

/** What AdminJS is given for one resource. */
export function resource(app: App, definition: ResourceDefinition): { resource: ServiceResource; options: ResourceOptions } {
  const { model, reading, viewed } = definition;
  const service = new ServiceResource(model, { reader: app.database.reader, timeZone: app.config.timeZone, shownSql: (table, alias, add) => app.retention.shownSql(table, alias, add) });
  const mayRead = ({ currentAdmin }: ActionContext): boolean => allowed(currentAdmin, definition.read);
  const denied = { isAccessible: false, isVisible: false };
  const withSections = async (response: ActionResponse, _request: ActionRequest, { record, currentAdmin }: ActionContext): Promise<ActionResponse> => {
    if (!record || response.notice?.type === 'error') return response;
    const subjectId = String(record.id());
    if (viewed) await app.act(actorOf(operatorOf(currentAdmin)), (tx) => app.ledger.append(tx, { action: viewed.action, subjectKind: viewed.subject, subjectId, purpose: viewed.purpose }));
    return { ...response, sections: await service.sections(subjectId), related: model.related ?? [] };
  };
  const actions: Record<string, unknown> = {
    ...Object.fromEntries(BUILT_IN_WRITES.map((name) => [name, denied])),
    list: { isAccessible: mayRead, showFilter: false, ...(reading ? { handler: readingList(app, model.id, reading), custom: { reading: true } } : {}) },
    show: definition.recordsOn ? denied : { isAccessible: mayRead, after: withSections, ...(reading?.view ? { handler: readingShow(app, reading.view, reading.subject), custom: { reading: true } } : {}) },
  };
  for (const action of definition.actions ?? []) actions[action.name] = adminAction(app, service, action);
  return { resource: service, options: {
    id: model.id, navigation: { name: definition.group, icon: definition.icon }, titleProperty: model.title,
    sort: { sortBy: model.order.column, direction: model.order.direction },
    listProperties: model.columns.filter((column) => column.list).map((column) => column.name),
    showProperties: model.columns.map((column) => column.name),
    filterProperties: model.columns.filter((column) => column.filter).map((column) => column.name),
    properties: Object.fromEntries(model.columns.map((column) => [column.name, { custom: drawing(column) }])),
    actions: actions as Options,
  } };
}

/** What the browser needs to draw and filter a column. */
function drawing({ kind, filter, values, link, nullMeans }: Column): Record<string, unknown> {
  return { kind, ...(filter ? { filter } : {}), ...(values ? { values } : {}), ...(link ? { link } : {}), ...(nullMeans ? { nullMeans } : {}) };
}

/** `component: false` keeps AdminJS from drawing it; the dialog in the browser is made from `custom`. */
function adminAction(app: App, service: ServiceResource, action: ConsoleAction): unknown {
  const { on, fields, grave = false, permission, when } = action;
  return {
    actionType: on, component: false, showInDrawer: false, custom: { holdfast: true, fields, grave },
    isAccessible: ({ currentAdmin }: ActionContext) => allowed(currentAdmin, permission),
    isVisible: ({ record }: ActionContext) => on === 'resource' || !record || !when || when(record.params as Row),
    handler: actionHandler(app, service, action),
  };
}
