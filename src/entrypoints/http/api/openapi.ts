// The OpenAPI 3.1 document, made from the very schemas that parse requests and check answers.
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../../kernel/errors.js';
import { TAGS, type Route } from './define-route.js';
import { errorAnswer, purpose } from './fields.schemas.js';
import { DEFAULT_PURPOSE } from './mount-routes.js';

type JsonObject = Record<string, unknown>;
const REQUEST_ID = { 'x-request-id': { description: 'Names this request in our log', schema: { type: 'string' } } };

/** Version of the API: raised with what it answers, not with the program. */
export const API_VERSION = '1.0.0';

/** The document for `routes`. */
export function openApiDocument(routes: readonly Route[]): JsonObject {
  const components: JsonObject = {}, responses: JsonObject = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): unknown => liftDefinitions(schema, io, components);
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) (paths[`/api/v1${route.path}`] ??= {})[route.method] = operation(route, schemaOf, responses);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast management API', version: API_VERSION,
      description: 'Everything the console does, for programs. Lists are oldest first and page by an opaque cursor. Money is integer micro-units. '
        + `Readings of customer data name a purpose (header x-holdfast-purpose or query purpose; ${DEFAULT_PURPOSE} when not said) and are written on the ledger.`,
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: components, responses, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A management token, hft_…' } } },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => unknown;

function operation(route: Route, schemaOf: SchemaOf, responses: JsonObject): JsonObject {
  const status = String(route.status ?? 200);
  const content = route.file === undefined
    ? { 'application/json': { schema: schemaOf(route.answer, 'output'), example: route.example.answer } }
    : { [route.file]: { schema: { type: 'string', format: 'binary' } } };
  return {
    operationId: route.id, tags: [route.tag], summary: route.summary,
    description: `${route.description ? `${route.description} ` : ''}Needs the permission ${route.permission}.`,
    'x-permission': route.permission,
    parameters: [...parameters(route.params, 'path', route.example.params, schemaOf), ...parameters(route.query, 'query', route.example.query, schemaOf), ...(route.reading ? purposes(schemaOf) : [])],
    ...(route.method === 'post' ? { requestBody: { required: Object.keys(route.body.shape).length > 0, content: { 'application/json': { schema: schemaOf(route.body, 'input'), example: route.example.body ?? {} } } } } : {}),
    responses: { [status]: { description: 'Done', headers: REQUEST_ID, content }, ...refusals(route, schemaOf, responses) },
  };
}

function parameters(object: z.ZodObject, where: 'path' | 'query', example: unknown, schemaOf: SchemaOf): JsonObject[] {
  const examples = (example ?? {}) as JsonObject;
  return Object.entries(object.shape).map(([name, schema]) => {
    const field = schema as z.ZodType;
    return {
      name, in: where, required: where === 'path' || !field.safeParse(undefined).success, schema: schemaOf(field, 'input'),
      ...(field.description ? { description: field.description } : {}), ...(name in examples ? { example: examples[name] } : {}),
    };
  });
}

function purposes(schemaOf: SchemaOf): JsonObject[] {
  const description = `Why the data is read; kept on the ledger. ${DEFAULT_PURPOSE} when not said; the header wins.`;
  return [{ name: 'x-holdfast-purpose', in: 'header', required: false, description, schema: schemaOf(purpose, 'input') },
    { name: 'purpose', in: 'query', required: false, description, schema: schemaOf(purpose, 'input') }];
}

/** Every code a route may answer, by status. */
export function codesOf(route: Route): ErrorCode[] {
  const takesInput = route.method === 'post' || Object.keys(route.params.shape).length + Object.keys(route.query.shape).length > 0;
  return [...new Set<ErrorCode>([
    'unauthenticated', 'forbidden', 'rate_limited', 'internal', 'invalid_request',
    ...(takesInput && Object.keys(route.params.shape).length > 0 ? ['not_found'] as const : []),
    ...(route.method === 'post' ? ['body_too_large'] as const : []),
    ...(route.reading ? ['purpose_required', 'records_unavailable'] as const : []),
    ...route.refusals ?? [],
  ])];
}

/** Error answers by status; each combination of codes stands once in the components and is referred to. */
function refusals(route: Route, schemaOf: SchemaOf, responses: JsonObject): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(route)) byStatus.set(ERRORS[code].status, [...byStatus.get(ERRORS[code].status) ?? [], code]);
  return Object.fromEntries([...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => {
    const name = codes.join('.');
    responses[name] ??= {
      description: codes.map((code) => `${code}: ${ERRORS[code].title}`).join('; '),
      headers: REQUEST_ID,
      content: { 'application/json': { schema: schemaOf(errorAnswer, 'output'),
        example: { error: { code: codes[0], message: ERRORS[codes[0]!].title, request_id: '0193c1a2-7b3c-7000-8000-0123456789ab' } } } },
    };
    return [String(status), { $ref: `#/components/responses/${name}` }];
  }));
}

/** JSON Schema of one zod schema; what carries an id goes to the components and is referred to. */
function liftDefinitions(schema: z.ZodType, io: 'input' | 'output', components: JsonObject): unknown {
  const generated = JSON.parse(JSON.stringify(z.toJSONSchema(z.object({ root: schema }), { io }))) as { properties: { root: unknown }; $defs?: JsonObject };
  const { properties, $defs } = generated;
  const relocate = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [id, definition] of Object.entries($defs ?? {})) {
    const { id: _, ...rest } = definition as JsonObject;
    components[id] = relocate(rest);
  }
  return relocate(properties.root);
}
