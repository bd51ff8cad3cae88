import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { variables } from '../../src/platform/config/config.js';

interface Service {
  image: string; build?: string; user?: string; read_only?: boolean; cap_drop?: string[]; security_opt?: string[]; restart?: string; command: string[];
  environment: Record<string, string>; tmpfs?: string[]; volumes?: string[]; ports?: string[]; healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}
const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, null> };
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image === 'holdfast');
/** Variables of the two images that are not ours, as their documentation names them. */
const THEIRS = ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS', 'REDIS_PASSWORD'];

test('each role is a service of its own, and migrate runs once before all of them', () => {
  expect(ours.map(([name, service]) => [name, service.command])).toEqual(['migrate', 'gateway', 'console', 'worker', 'sealer'].map((role) => [role, [role]]));
  for (const [name, service] of ours) {
    expect([name, service.depends_on?.['migrate']?.condition]).toEqual([name, name === 'migrate' ? undefined : 'service_completed_successfully']);
  }
  expect(compose.services['migrate']).toMatchObject({ restart: 'no', depends_on: { postgres: { condition: 'service_healthy' } } });
});

test.each(services)('%s runs as an ordinary user, without privileges, on a read-only root file system', (_name, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(service.user).toMatch(/^(node|postgres|redis)$/);
  expect(service.tmpfs?.some((mount) => mount.startsWith('/tmp'))).toBe(true);
});

test.each(services.filter(([name]) => name !== 'migrate'))('%s has a health check, restarts, and keeps its data in a volume', (name, service) => {
  expect(service.restart).toBe('unless-stopped');
  for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0]!);
  expect(service.volumes).toHaveLength(1);
  const check = service.healthcheck?.test ?? [];
  if (service.image === 'holdfast') expect(check).toEqual(['CMD', 'node', 'bin/healthcheck.mjs', name]);
  else expect(check.join(' ')).toMatch(/pg_isready|redis-cli ping/);
});

test('every variable is known, and no secret has a default', () => {
  for (const [, service] of services) {
    for (const [name, value] of Object.entries(service.environment)) {
      expect(service.image === 'holdfast' ? Object.keys(variables) : THEIRS).toContain(name);
      if (/PASSWORD/.test(name) || /:\/\/[^/]*@/.test(value)) expect(value).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/);
    }
  }
  const used = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)([^}]*)\}/g)];
  expect(used.every(([, , rest]) => rest!.startsWith(':?'))).toBe(true);
  for (const [, name] of used) expect(readFileSync('docs/configuration.md', 'utf8')).toContain(name);
});

test('only the two doors are published, on this machine alone', () => {
  expect(services.filter(([, service]) => service.ports).map(([name, service]) => [name, service.ports])).toEqual([['gateway', ['127.0.0.1:4000:4000']], ['console', ['127.0.0.1:4001:4001']]]);
});

describe('the Dockerfile', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const instructions = dockerfile.split('\n').filter((line) => line && !line.startsWith('#'));

  test('copies only what exists', () => {
    const sources = instructions.filter((line) => line.startsWith('COPY ') && !line.includes('--from=')).flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    expect(sources).toEqual(expect.arrayContaining(['bin', 'templates', 'examples', 'src/entrypoints/console']));
  });

  test('runs as an ordinary user, with known variables and no secret', () => {
    const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last).toContain('USER node');
    const names = last.filter((line) => line.startsWith('ENV ')).flatMap((line) => [...line.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name!));
    expect(names.filter((name) => name !== 'NODE_ENV' && !(name in variables))).toEqual([]);
    expect(last).toContain('ENTRYPOINT ["node", "bin/holdfast.mjs"]');
  });

  test('leaves out of its context what is large or secret', () => {
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', '.holdfast*', '.env']));
  });
});
