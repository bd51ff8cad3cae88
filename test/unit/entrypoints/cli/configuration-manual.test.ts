// Examples and manual keep step with the schemas that validate.
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import * as schemas from '../../../../src/entrypoints/cli/apply/configuration.schemas.js';
import { problemText } from '../../../../src/entrypoints/cli/apply/problem.js';
import { readConfiguration } from '../../../../src/entrypoints/cli/apply/read-configuration.js';

const manual = readFileSync('docs/configuration-file.md', 'utf8');
const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));
const sections: Record<string, z.ZodType> = { operator: schemas.operatorSchema, providers: schemas.providerSchema, models: schemas.modelSchema, prices: schemas.priceSchema, accounts: schemas.accountSchema,
  keys: schemas.keySchema, availability: schemas.ruleSchema, redaction: schemas.redactionSchema, retention: schemas.retentionSchema };

function fieldsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return fieldsOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element);
  return schema instanceof z.ZodObject ? Object.entries(schema.shape).flatMap(([name, inner]) => [name, ...fieldsOf(inner)]) : [];
}

test('every section of the format has its chapter', () => {
  expect(Object.keys(schemas.fileSchema.shape).filter((section) => section !== 'version').sort()).toEqual(Object.keys(sections).sort());
});

test.each(Object.entries(sections))('the chapter "%s" explains every field, and tables no other', (section, schema) => {
  const chapter = new RegExp(`^## ${section}$([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(manual)?.[1] ?? '';
  const fields = fieldsOf(schema);
  expect(fields.length).toBeGreaterThan(2);
  expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(chapter))).toEqual([]);
  expect([...chapter.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field).filter((field) => !fields.includes(field!))).toEqual([]);
});

test.each(examples)('examples/%s is a file of the format', (name) => {
  const text = readFileSync(`examples/${name}`, 'utf8');
  const env = Object.fromEntries([...text.matchAll(/env: (\w+)/g)].map(([, variable]) => [variable!, `secret-of-${variable}`]));
  const file = readConfiguration(text, env);
  expect(file.problems.map((problem) => problemText(name, problem))).toEqual([]);
});

test('an example uses every field there is', () => {
  const all = examples.map((name) => readFileSync(`examples/${name}`, 'utf8')).join('\n');
  expect(Object.values(sections).flatMap(fieldsOf).filter((field) => field !== 'purpose' && !new RegExp(`\\b${field}:`).test(all))).toEqual([]);
});
