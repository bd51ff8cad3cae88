// AdminJS's view of a read model. Reads only: whatever AdminJS would write through here is refused.
import { BaseProperty, BaseRecord, BaseResource, type Filter, type PropertyType } from 'adminjs';
import { HoldfastError } from '../../kernel/errors.js';
import type { Column, ReadModel } from './views/read-model.js';
import { countRows, findRow, listRows, OFFSET_CAP, sectionRows, type Filters, type FilterValue, type ReadContext, type Row } from './views/read-model.view.js';

const TYPES: Partial<Record<Column['kind'], PropertyType>> = { time: 'datetime', bool: 'boolean' };

class ReadProperty extends BaseProperty {
  readonly #column: Column;
  constructor(column: Column, isKey: boolean, position: number) {
    super({ path: column.name, type: TYPES[column.kind] ?? 'string', isId: isKey, isSortable: column.sort ?? false, position });
    this.#column = column;
  }
  override isEditable(): boolean { return false; }
  override isArray(): boolean { return ['list', 'places'].includes(this.#column.kind); }
}

export interface SectionData { readonly name: string; readonly columns: readonly Column[]; readonly rows: readonly Row[]; readonly link: string | null }

/** A resource over a read model. Filters, sorting and paging are bounded by the model, not by what the query string asks for. */
export class ServiceResource extends BaseResource {
  readonly #context: ReadContext;
  readonly #properties: BaseProperty[];
  readonly model: ReadModel;

  constructor(model: ReadModel, context: ReadContext) {
    super();
    this.model = model;
    this.#context = context;
    this.#properties = model.columns.map((column, position) => new ReadProperty(column, column.name === model.key, position + 1));
  }

  override databaseName(): string { return 'holdfast'; }
  override databaseType(): string { return 'postgres'; }
  override id(): string { return this.model.id; }
  override properties(): BaseProperty[] { return this.#properties; }
  override property(path: string): BaseProperty | null { return this.#properties.find((property) => property.name() === path) ?? null; }

  override count(filter: Filter): Promise<number> { return countRows(this.#context, this.model, filtersOf(filter)); }

  override async find(filter: Filter, options: { limit?: number; offset?: number; sort?: { sortBy?: string; direction?: 'asc' | 'desc' } }): Promise<BaseRecord[]> {
    const offset = options.offset ?? 0;
    if (offset > OFFSET_CAP) return [];
    const rows = await listRows(this.#context, this.model, filtersOf(filter), { limit: options.limit ?? 25, offset, ...options.sort });
    return rows.map((row) => new BaseRecord(row, this));
  }

  override async findOne(id: string): Promise<BaseRecord | null> {
    const row = await findRow(this.#context, this.model, id);
    return row ? new BaseRecord(row, this) : null;
  }

  override async findMany(ids: (string | number)[]): Promise<BaseRecord[]> {
    const found = await Promise.all(ids.slice(0, 100).map((id) => this.findOne(String(id))));
    return found.filter((record) => record !== null);
  }

  /** The tables under a record. */
  sections(id: string): Promise<SectionData[]> {
    return Promise.all((this.model.sections ?? []).map(async (section) => ({
      name: section.name, columns: section.columns, rows: await sectionRows(this.#context, section, id),
      link: section.link ? `/console/resources/${section.link.resource}?filters.${section.link.filter}=${encodeURIComponent(id)}` : null,
    })));
  }

  override create(): Promise<never> { return Promise.reject(readOnly(this.model.id)); }
  override update(): Promise<never> { return Promise.reject(readOnly(this.model.id)); }
  override delete(): Promise<never> { return Promise.reject(readOnly(this.model.id)); }
}

function readOnly(id: string): HoldfastError {
  return new HoldfastError('forbidden', `${id} is a read model; changes are named actions`);
}

/** AdminJS gives `name: value` and `name: {from, to}`; everything is text, and empty text is no filter. */
function filtersOf(filter: Filter): Filters {
  const entries = Object.entries(filter.filters).flatMap(([name, { value }]): [string, FilterValue][] => {
    if (typeof value === 'string') return value === '' ? [] : [[name, value]];
    if (typeof value === 'object' && value !== null) {
      const { from, to } = value as { from?: unknown; to?: unknown };
      return [[name, { ...(typeof from === 'string' && from ? { from } : {}), ...(typeof to === 'string' && to ? { to } : {}) }]];
    }
    return [[name, String(value)]];
  });
  return Object.fromEntries(entries);
}
