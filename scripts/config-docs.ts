import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema, RIVALS, rowFor } from '../src/config/file.ts';
import type { OptionType } from '../src/config/option-types.ts';

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
    ...withOptions(schema),
  };
}

/** Adds the accepted values of options. Any other text may also be a number or a boolean in YAML. */
function withOptions(schema: Schema, key: string | null = null): object {
  if (Array.isArray(schema)) return schema.map((item) => withOptions(item as Schema));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { description } = schema;
  const row = key === null ? null : rowFor(key);
  if (row !== null) {
    const values = key === 'authors' ? { anyOf: [valuesOf(row), ...objectsIn(schema)] } : valuesOf(row);
    return { ...values, ...(description === undefined ? {} : { description }) };
  }
  const result = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name === 'properties')
        return [
          name,
          Object.fromEntries(
            Object.entries(value as object).map(([property, field]) => [
              property,
              withOptions(field, property),
            ]),
          ),
        ];
      return [name, typeof value === 'object' && value !== null ? withOptions(value as Schema) : value];
    }),
  );
  const names = Object.keys((result.properties ?? {}) as object);
  const rivals = RIVALS.filter((pair) => pair.every((name) => names.includes(name)));
  if (rivals.length > 0) return { ...result, allOf: rivals.map((pair) => ({ not: { required: pair } })) };
  if (result.type === 'array') return { ...result, uniqueItems: true };
  // YAML reads some text as another type. A pattern applies to strings alone.
  const isAnyText = ['5', '-1.5', 'true'].every((text) => new RegExp(result.pattern ?? '').test(text));
  return result.type === 'string' && result.enum === undefined && isAnyText
    ? { ...result, type: TEXT }
    : result;
}

/** The alternatives that are maps. */
const objectsIn = ({ anyOf = [] }: Schema): object[] =>
  anyOf.filter((schema) => schema.type === 'object').map((schema) => withOptions(schema));

const TEXT = ['string', 'number', 'boolean'];

/** The accepted values of an option: one value, or a list or a map of them if the option allows it. */
function valuesOf({ accepts, isList, isMap, item, contains }: OptionType<unknown>): object {
  const value = schemaOf(accepts);
  const items = item === undefined ? value : schemaOf({ pattern: item });
  if (isMap) return { anyOf: [value, { type: 'object', additionalProperties: value, minProperties: 1 }] };
  const some = contains === undefined ? {} : { contains: { pattern: contains } };
  return isList
    ? { anyOf: [value, { type: 'array', items, ...some, minItems: 1, uniqueItems: true }] }
    : value;
}

function schemaOf(accepts: OptionType<unknown>['accepts']): object {
  if (accepts === undefined) return { type: TEXT, minLength: 1 };
  if ('enum' in accepts) return { enum: accepts.enum };
  const { pattern } = accepts;
  const text = { type: 'string', pattern };
  return new RegExp(pattern).test('5') ? { anyOf: [text, integersFor(pattern)] } : text;
}

/** The numbers that a pattern accepts, because YAML reads digits as a number. */
function integersFor(pattern: string): object {
  const accepts = (number: number) => new RegExp(pattern).test(String(number));
  const largest = [999_999, 104].find(accepts);
  return { type: 'integer', minimum: 1, ...(largest === undefined ? {} : { maximum: largest }) };
}

export function configTable(): string {
  const { properties = {} } = toJsonSchema(configSchema, {
    target: 'draft-2020-12',
    errorMode: 'ignore',
  }) as Schema;
  const rows = Object.entries(properties).flatMap(([name, field]) => {
    const { additionalProperties: entry } = field;
    const children = typeof entry === 'object' ? Object.entries(entry.properties ?? {}) : [];
    const added = children.filter(([key]) => !(key in properties));
    return [row(name, field), ...added.map(([key, child]) => row(`${name}.NAME.${key}`, child))];
  });
  return ['| Key | Description |', '| --- | --- |', ...rows].join('\n');
}

const row = (name: string, field: Schema) =>
  `| \`${name}\` | ${(field.description ?? '').replaceAll('|', '\\|')} |`;
