import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../src/config/file.ts';
import { isOption, type Option, OPTIONS } from '../src/config/options.ts';

/** Generates the configuration file's JSON Schema and its table in `docs/configuration.md`. */

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
    title: 'Deploy latency guard: configuration file',
    ...known(schema),
  };
}

/** The same schema with what the guard knows of its options; of any other text YAML may make a number or a truth. */
function known(schema: Schema, key: string | null = null): object {
  if (Array.isArray(schema)) return schema.map((each) => known(each as Schema));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { description } = schema;
  if (key !== null && isOption(key)) {
    const own =
      key === 'authors'
        ? { anyOf: [valuesOf(OPTIONS.authors), ...objectsIn(schema)] }
        : valuesOf(OPTIONS[key]);
    return { ...own, ...(description === undefined ? {} : { description }) };
  }
  const own = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name === 'properties')
        return [
          name,
          Object.fromEntries(Object.entries(value as object).map(([k, each]) => [k, known(each, k)])),
        ];
      return [name, typeof value === 'object' && value !== null ? known(value as Schema) : value];
    }),
  );
  const names = Object.keys((own.properties ?? {}) as object);
  if (names.includes('environment') && names.includes('environments'))
    return { ...own, not: { required: ['environment', 'environments'] } };
  return own.type === 'string' && own.enum === undefined && own.pattern === undefined
    ? { ...own, type: TEXT }
    : own;
}

/** Of several shapes, those that are maps. */
const objectsIn = ({ anyOf = [] }: Schema): object[] =>
  anyOf.filter((schema) => schema.type === 'object').map((schema) => known(schema));

const TEXT = ['string', 'number', 'boolean'];

/** What an option takes: one value, or where it may be a list, one or more. */
function valuesOf({ accepts, isList, item }: Option): object {
  const one = oneOf(accepts);
  const items = item === undefined ? one : oneOf({ pattern: item });
  return isList ? { anyOf: [one, { type: 'array', items, minItems: 1 }] } : one;
}

function oneOf(accepts: Option['accepts']): object {
  const one =
    accepts === undefined
      ? { type: TEXT, minLength: 1 }
      : 'enum' in accepts
        ? { enum: accepts.enum }
        : new RegExp(accepts.pattern).test('5')
          ? { anyOf: [{ type: 'string', pattern: accepts.pattern }, wholeNumbers(accepts.pattern)] }
          : { type: 'string', pattern: accepts.pattern };
  return one;
}

/** The numbers that a pattern takes, which YAML makes of digits. */
function wholeNumbers(pattern: string): object {
  const takes = (number: number) => new RegExp(pattern).test(String(number));
  const largest = [999_999, 104].find(takes);
  return { type: 'integer', minimum: 1, ...(largest === undefined ? {} : { maximum: largest }) };
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
  return ['| Key | Description |', '| --- | --- |', ...rows].join('\n');
}

const row = (name: string, field: Schema) =>
  `| \`${name}\` | ${(field.description ?? '').replaceAll('|', '\\|')} |`;
