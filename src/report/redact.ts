import type * as v from 'valibot';
import { LIVE } from '../model/terms.ts';
import { type Report, type RunReport, reportSchema, runReportSchema } from './contract.ts';
import { PROSE } from './short-names.ts';

/**
 * A report that can be shown to others. Numbers, times and words from fixed lists stay, as the schema has them. A team's names
 * (repository, branches, environments, titles, people, commits, jobs, addresses) are replaced, the same name always by the same
 * replacement, so related entries remain related. Sentences mix our words with names and are left out.
 */

/** Texts of ours without names, by their place. */
const OURS = new Set(['suspects.rule', 'suspects.title', 'deployments.trigger']);
/** Words of ours in the figures behind a finding, whose form the schema leaves open. */
const WORDS_OF_EVIDENCE = new Set(['status', 'confidence', 'kind', 'how']);
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/;
const SUBJECT = /^(?:window|deployment \d+|mergeset \d+)$/;

/** The parts of a schema that decide what a value may be. */
interface Shape {
  type: string;
  wrapped?: Shape;
  item?: Shape;
  entries?: Record<string, Shape>;
}

/** @returns the same shape, without anything that identifies the team. */
export function redacted<R extends Report | RunReport>(report: R): R {
  const replacements = new Map<string, string>();
  const nameFor = (value: string, key: string): string => {
    const number = replacements.size + 1;
    // Short like a commit in a text, so that two of them differ there.
    const name = /^[0-9a-f]{40}$/.test(value) ? `c${String(number).padStart(6, '0')}` : `${key}-${number}`;
    replacements.set(value, replacements.get(value) ?? name);
    return replacements.get(value) ?? name;
  };
  const text = (value: string, path: readonly string[]): string => {
    const key = path.at(-1) ?? '';
    const isOurs =
      OURS.has(path.slice(-2).join('.')) || (path.includes('evidence') && WORDS_OF_EVIDENCE.has(key));
    const isEnd = path.includes('way') && (value === 'merge' || value === LIVE);
    if (value === '' || isOurs || isEnd || INSTANT.test(value) || (key === 'subject' && SUBJECT.test(value)))
      return value;
    return PROSE.has(key) ? 'left out' : nameFor(value, key);
  };
  const walk = (value: unknown, schema: Shape | undefined, path: readonly string[]): unknown => {
    if (schema?.wrapped) return value === null ? null : walk(value, schema.wrapped, path);
    if (schema?.type === 'picklist' || schema?.type === 'literal') return value;
    if (typeof value === 'string') return text(value, path);
    if (Array.isArray(value)) return value.map((entry) => walk(entry, schema?.item, path));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        walk(field, schema?.entries?.[name], [...path, name]),
      ]),
    );
  };
  const schema: v.GenericSchema = 'units' in report ? runReportSchema : reportSchema;
  return walk(report, schema as unknown as Shape, []) as R;
}
