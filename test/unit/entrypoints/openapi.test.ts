import { z } from 'zod';
import { expressPath, mountRoutes } from '../../../src/entrypoints/http/api/mount-routes.js';
import { errorAnswer } from '../../../src/entrypoints/http/api/fields.schemas.js';
import { openApiDocument } from '../../../src/entrypoints/http/api/openapi.js';
import { ROUTES } from '../../../src/entrypoints/http/api/routes.js';
import type { App } from '../../../src/app.js';

interface Operation {
  operationId: string; summary: string; description: string; tags: string[]; 'x-permission': string; requestBody?: object;
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  responses: Record<string, { $ref?: string }>;
}
const document = openApiDocument(ROUTES) as unknown as { openapi: string; paths: Record<string, Record<string, Operation>>; tags: { name: string }[]; security: object[]; components: { schemas: Record<string, object>; responses: Record<string, { content: Record<string, { example?: unknown }> }> } };
const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

test('every route the router really has is in the document, and the document has no other', () => {
  const router = mountRoutes({} as App, ROUTES) as unknown as { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
  const mounted = router.stack.flatMap(({ route }) => Object.keys(route?.methods ?? {}).filter((method) => method !== '_all').map((method) => `${method} /api/v1${route?.path}`));
  const documented = operations.map(({ path, method }) => `${method} ${expressPath(path)}`);
  expect(mounted.length).toBeGreaterThan(40);
  expect([...new Set(mounted)].sort()).toEqual(documented.sort());
});

test('every operation says who may, what it does, what it takes and how it fails', () => {
  const tags = new Set(document.tags.map((tag) => tag.name));
  for (const { path, method, operation } of operations) {
    const route = ROUTES.find((one) => one.id === operation.operationId)!;
    expect(operation['x-permission']).toBe(route.permission);
    expect(operation.summary.length).toBeGreaterThan(5);
    expect(operation.tags.every((tag) => tags.has(tag))).toBe(true);
    expect(operation.parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(operation.requestBody !== undefined).toBe(method === 'post');
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '429', '500', ...(path.includes('{') ? ['404'] : []), ...(method === 'post' ? ['400', '413'] : [])]));
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
  }
  expect(new Set(ROUTES.map((route) => route.id)).size).toBe(ROUTES.length);
});

test('every example is one the schemas would take and give', () => {
  for (const route of ROUTES) {
    if (route.file === undefined) expect([route.id, z.safeParse(route.answer, route.example.answer).error?.issues]).toEqual([route.id, undefined]);
    if (route.method === 'post') expect([route.id, route.body.safeParse(route.example.body ?? {}).error?.issues]).toEqual([route.id, undefined]);
    if (route.example.query !== undefined) expect([route.id, route.query.safeParse(route.example.query).success]).toEqual([route.id, true]);
  }
  for (const { content } of Object.values(document.components.responses)) expect(errorAnswer.safeParse(content['application/json']?.example).success).toBe(true);
});

test('what the document refers to is in it, and what it defines is referred to', () => {
  const text = JSON.stringify(document);
  const referred = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
  expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  const answers = operations.flatMap(({ operation }) => Object.entries(operation.responses)).filter(([status]) => status >= '400').map(([, { $ref }]) => $ref?.replace('#/components/responses/', ''));
  expect(new Set(answers)).toEqual(new Set(Object.keys(document.components.responses)));
  expect(text).not.toContain('#/$defs/');
});

test('answers are closed objects in the document, as they are in the code', () => {
  const open: string[] = [];
  const walk = (value: unknown, where: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const schema = value as { type?: unknown; properties?: object; additionalProperties?: unknown };
    if (schema.type === 'object' && schema.properties !== undefined && schema.additionalProperties !== false) open.push(where);
    for (const [key, item] of Object.entries(value)) if (key !== 'example') walk(item, `${where}/${key}`);
  };
  walk(document.paths, '');
  walk(document.components.schemas, '');
  expect(open).toEqual([]);
});

test('a route that answers customer data offers the purpose, and no other does', () => {
  const customerData = /^\/(calls|usage|accounts|payments|invoices|security-events|content-grants|completeness)/;
  for (const route of ROUTES) {
    const operation = operations.find((one) => one.operation.operationId === route.id)!.operation;
    expect([route.id, route.reading !== undefined]).toEqual([route.id, route.method === 'get' && customerData.test(route.path)]);
    expect(operation.parameters.some((one) => one.name === 'x-holdfast-purpose')).toBe(route.reading !== undefined);
  }
});
