// Every example of docs/api.md is one the API would take.
import { readFileSync } from 'node:fs';
import { PURPOSES } from '../../../src/kernel/actor.js';
import { DEFAULT_PURPOSE } from '../../../src/entrypoints/http/api/mount-routes.js';
import { FAILURES_PER_MINUTE } from '../../../src/entrypoints/http/api/authenticate.js';
import { ROUTES } from '../../../src/entrypoints/http/api/routes.js';
import { callStory } from '../../../src/entrypoints/http/api/calls.schemas.js';
import { routeOf } from '../../support/api.js';

const manual = readFileSync('docs/api.md', 'utf8');
const ID = '0193c1a2-7b3c-7000-8000-0123456789ab';
const filled = (path: string): string => path.replaceAll(/\$\{?\w+\}?/g, ID);

test('every POST in the manual names a route, and its body is one the route takes', () => {
  const posts = [...manual.matchAll(/^api (\S+)(?: ('[\s\S]*?'|".*"))?(?:\s+#.*)?$/gm)];
  expect(posts.length).toBeGreaterThan(12);
  for (const [line, path = '', quoted = "''"] of posts) {
    const route = routeOf('post', filled(path));
    expect([line, route === undefined]).toEqual([line, false]);
    const text = filled(quoted.slice(1, -1)).replaceAll('\\"', '"');
    expect([line, route!.body.safeParse(text === '' ? {} : JSON.parse(text)).error?.issues]).toEqual([line, undefined]);
  }
});

test('every GET in the manual names a route', () => {
  const gets = [...manual.replaceAll(/^.*--data-binary.*$/gm, '').matchAll(/\$HOLDFAST\/api\/v1(\/[^"?]*)/g)].map(([, path]) => filled(path!)).filter((path) => !path.startsWith(ID) && path !== `/${ID}`);
  expect(gets.length).toBeGreaterThan(4);
  for (const path of gets) expect([path, routeOf('get', path) === undefined]).toEqual([path, false]);
});

test('the manual lists every purpose and the limits as they are', () => {
  for (const purpose of PURPOSES) expect(manual).toContain(`\`${purpose}\``);
  expect(manual).toContain(`the record says \`${DEFAULT_PURPOSE}\``);
  expect(manual).toContain(`After ${FAILURES_PER_MINUTE} failures a minute`);
});

test('the members of a call that the manual explains are members it has', () => {
  const table = manual.slice(manual.indexOf('| member | says |'), manual.indexOf('To check a proof'));
  const named = [...table.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)/g)].map(([, name]) => name!));
  expect(named.length).toBeGreaterThan(8);
  for (const name of named) expect(Object.keys(callStory.shape)).toContain(name);
});

test('the manual has a section or an example for every group of routes that changes something', () => {
  const shown = new Set([...manual.matchAll(/\/(?:api\/v1\/)?([a-z-]+)/g)].map(([, word]) => word));
  const groups = new Set(ROUTES.filter((route) => route.method === 'post').map((route) => route.path.split('/')[1]));
  expect([...groups].filter((group) => group !== 'operators' && group !== 'prices' && group !== 'availability-rules' && group !== 'redaction-rules' && !shown.has(group))).toEqual([]);
});
