import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../src/config/file.ts';

/** The JSON Schema of the file of settings, and the table of `docs/config.md`, written from its schema. */

interface Schema {
  type?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  description?: string;
}

export function configJsonSchema(): object {
  const schema = toJsonSchema(configSchema, { target: 'draft-2020-12', errorMode: 'ignore' }) as Schema;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Deploy latency guard: file of settings',
    ...scalars(schema),
  };
}

/** In YAML a number is a text to the guard, and an editor should not mind. */
function scalars(schema: Schema): object {
  if (Array.isArray(schema)) return schema.map((each) => scalars(each as Schema));
  if (typeof schema !== 'object' || schema === null) return schema;
  const own = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? scalars(value as Schema) : value,
    ]),
  );
  return own.type === 'string' && own.enum === undefined ? { ...own, type: ['string', 'number'] } : own;
}

export function configTable(): string {
  const { properties = {} } = toJsonSchema(configSchema, {
    target: 'draft-2020-12',
    errorMode: 'ignore',
  }) as Schema;
  const rows = Object.entries(properties).flatMap(([name, field]) => {
    const { additionalProperties: each } = field;
    const children = typeof each === 'object' ? Object.entries(each.properties ?? {}) : [];
    const own = children.filter(([key]) => !(key in properties));
    return [row(name, field), ...own.map(([key, one]) => row(`${name}.NAME.${key}`, one))];
  });
  return ['| Key | |', '| --- | --- |', ...rows].join('\n');
}

const row = (name: string, field: Schema) =>
  `| \`${name}\` | ${(field.description ?? '').replaceAll('|', '\\|')} |`;
