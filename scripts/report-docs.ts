import { toJsonSchema } from '@valibot/to-json-schema';
import { reportSchema, runReportSchema } from '../src/report/contract.ts';

/** Generates the report's JSON Schema and its tables in `docs/report.md`. */

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  description?: string;
  format?: string;
}

export function reportJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...toJsonSchema(reportSchema, { target: 'draft-2020-12', ignoreActions: ['check'] }),
  };
}

export function runReportJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...toJsonSchema(runReportSchema, { target: 'draft-2020-12', ignoreActions: ['check'] }),
  };
}

/** The fields of a report of several services. The fields of each service are in the other table. */
export function runReportTable(): string {
  const { properties = {} } = runReportJsonSchema() as Schema;
  const { units: services, ...others } = properties;
  const shown = { ...others, units: { type: 'array', description: services?.description ?? '' } };
  return table({ properties: shown });
}

export const reportTable = (): string => table(reportJsonSchema() as Schema);

function table(schema: Schema): string {
  const rows = rowsOf(schema, '');
  return [
    '| Field | Type | Description |',
    '| --- | --- | --- |',
    ...rows.map(({ path, type, text }) => `| \`${path}\` | ${type} | ${text.replaceAll('|', '\\|')} |`),
  ].join('\n');
}

function rowsOf(schema: Schema, under: string): { path: string; type: string; text: string }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = under + name;
    const inner = field.anyOf?.find((schema) => schema.properties) ?? field;
    const children = inner.items?.properties ? rowsOf(inner.items, `${path}[].`) : rowsOf(inner, `${path}.`);
    return [{ path, type: typeOf(field), text: field.description ?? '' }, ...children];
  });
}

function typeOf(field: Schema): string {
  if (field.anyOf) return field.anyOf.map(typeOf).join(' or ');
  if (field.const !== undefined) return String(field.const);
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  const types = Array.isArray(field.type) ? field.type : [field.type ?? 'any'];
  return types
    .map((type) => (type === 'string' && field.format === 'date-time' ? 'instant' : type))
    .join(' or ');
}
