/** Collects the messages in the sources: errors, invalid inputs, remarks, gaps and annotations. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import type { OptionType } from '../src/config/option-types.ts';
import { OPTIONS } from '../src/config/options.ts';
import { LIVE_INPUTS } from '../src/production/inputs.ts';
import { SOURCE_INPUTS } from '../src/sources/registry.ts';

export interface Message {
  file: string;
  /** The class of the error; `null` for other messages. */
  error: string | null;
  /** The text, with … for variable parts. */
  text: string;
  /** Consequence of a remark or a gap; empty for other messages. */
  consequence: string;
}

const ERRORS = new Set([
  'GuardError',
  'NoToken',
  'NotAllowed',
  'NotFound',
  'RateLimited',
  'Refused',
  'Unreadable',
  'TooLarge',
  'NothingDeployed',
]);
/** Folders whose texts are not messages: constant texts of the summary, the page, comments and the weekly issue, the fake GitHub, the samples. */
const NOT_MESSAGES =
  /^(?:fake-github|demo|diagnose\/rules|report\/contract|report\/render|publish\/(?:marker|texts))/;

/** Folders in which every sentence is a message. */
const ALL_SENTENCES =
  /^(?:config\/(?:yaml|file)|github\/(?:errors|explain|threads\/)|sources\/|publish\/|production\/|entries\/(?:runner|watchdog)|run\/(?:perform|after-verdict|step-summary|context|telemetry|files)|report\/annotations)/;
const SENTENCE = /^(?:\p{Lu}|…|")[\s\S]*[.…"]$/u;

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree is walked without its types.
type Node = any;

/** The values of the constants and properties of a file, and the arguments for its parameters, by name. */
type Values = ReadonlyMap<string, readonly Node[]>;

function valuesIn(body: Node): Values {
  const values = new Map<string, Node[]>();
  const parameters = new Map<string, string[]>();
  const note = (name: string, value: Node) => void values.set(name, [...(values.get(name) ?? []), value]);
  const visit = (node: Node): void => {
    if (Array.isArray(node)) return void node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    const { type, id, init, key, value, identifier } = node;
    const made = type === 'VariableDeclarator' ? init : type === 'FunctionDeclaration' ? node : null;
    if (made?.params)
      parameters.set(
        (id ?? identifier).value,
        made.params.map((parameter: Node) => (parameter.pat ?? parameter).value ?? ''),
      );
    else if (made && id?.value) note(id.value, made);
    if (type === 'KeyValueProperty' && key?.value === 'what') note('what', value);
    for (const child of Object.values(node)) visit(child);
  };
  const visitCalls = (node: Node): void => {
    if (Array.isArray(node)) return void node.forEach(visitCalls);
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'CallExpression')
      for (const [i, name] of (parameters.get(node.callee?.value) ?? []).entries())
        if (name !== '' && node.arguments[i]) note(name, node.arguments[i].expression);
    for (const child of Object.values(node)) visitCalls(child);
  };
  visit(body);
  visitCalls(body);
  return values;
}

/**
 * The texts of an expression: both texts of a conditional, with `…` for variable parts.
 *
 * @param values - by default, the values of names are not looked up.
 */
function textsOf(node: Node, values: Values = new Map(), depth = 0): string[] {
  const inner = (other: Node) => (depth > 4 ? [] : textsOf(other, values, depth + 1));
  switch (node?.type) {
    case 'Identifier':
      return (values.get(node.value) ?? []).flatMap(inner);
    case 'MemberExpression':
      return (node.object.properties ?? []).flatMap((property: Node) => inner(property.value));
    case 'StringLiteral':
      return [node.value];
    case 'ParenthesisExpression':
      return inner(node.expression);
    case 'ConditionalExpression':
      return [...inner(node.consequent), ...inner(node.alternate)];
    case 'TemplateLiteral': {
      const [first, ...others] = node.quasis.map((part: Node) => part.cooked ?? part.raw);
      const rest = others.join('…');
      if (others.length === 0) return [first];
      // A sentence that begins with a constant begins with its text.
      const [constant] = values.get(first === '' ? node.expressions[0].value : '') ?? [];
      const begins = constant?.type === 'TemplateLiteral' ? inner(constant) : [];
      return (begins.length > 0 ? begins : [`${first}…`]).map((begin) => `${begin}${rest}`);
    }
    default:
      return [];
  }
}

/** Values that the options refuse, so that each parser shows its errors. */
const REFUSED_VALUES = [
  '',
  '0',
  '0%',
  '105',
  '99999d',
  '2999-01-01',
  '*',
  '!a',
  '../a',
  'a:b',
  '~/a',
  'a b?',
  'https://a:b@c/',
  '(',
  'x'.repeat(201),
];

/** The errors of the parsers that options share, once for each option. */
function optionErrors(): string[] {
  return Object.entries<OptionType<unknown>>({ ...LIVE_INPUTS, ...OPTIONS }).flatMap(([name, row]) =>
    REFUSED_VALUES.flatMap((value) => {
      try {
        row.parse(value, name, new Date());
        return [];
      } catch (error) {
        return [(error as Error).message.replace(/" is ".*?"; accepted/, '" is "…"; accepted')];
      }
    }),
  );
}

/** All messages, sorted by file. */
export function messagesIn(folder = 'src'): Message[] {
  const messages: Message[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !NOT_MESSAGES.test(file))
    .sort();
  for (const file of files) {
    const add = (texts: readonly string[], consequence = '', error: string | null = null) => {
      for (const text of texts) {
        const plain = text.replace(/\s+/g, ' ').trim();
        // A sentence, not a name.
        if (
          /[a-z] [a-z]|^…, line .*; accepted: |^Input "[a-z]/i.test(plain) &&
          plain.replaceAll('…', '').length > 12
        )
          messages.push({ file, error, text: plain, consequence });
      }
    };
    let className = '';
    const visit = (node: Node): void => {
      if (Array.isArray(node)) return void node.forEach(visit);
      if (node === null || typeof node !== 'object') return;
      if (node.type === 'NewExpression' && ERRORS.has(node.callee?.value))
        for (const argument of node.arguments ?? []) add(textsOf(argument.expression), '', node.callee.value);
      if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression')
        className = node.identifier?.value ?? '';
      if (node.type === 'CallExpression' && node.callee?.type === 'Super')
        for (const argument of node.arguments) add(textsOf(argument.expression), '', className);
      // The parsers of options are run below, because their callers know the names.
      if (
        node.type === 'CallExpression' &&
        node.callee?.value === 'badInput' &&
        file !== 'config/option-types.ts'
      ) {
        const names = textsOf(node.arguments[0]?.expression);
        for (const name of names.length > 0 ? names : Object.keys(SOURCE_INPUTS))
          add(
            textsOf(node.arguments[2]?.expression).map(
              (accepted) => `Input "${name}" is "…"; accepted: ${accepted}.`,
            ),
            '',
            'GuardError',
          );
      }
      if (
        node.type === 'CallExpression' &&
        ['refuse', 'wrong'].includes(node.callee?.value ?? node.callee?.property?.value)
      )
        add(
          textsOf(node.arguments.at(-1)?.expression).map((why) => `…, line …: ${why}.`),
          '',
          'GuardError',
        );
      if (node.type === 'ObjectExpression') {
        const value = (name: string) =>
          textsOf(node.properties.find((property: Node) => property.key?.value === name)?.value);
        const has = (name: string) =>
          node.properties.some((property: Node) => (property.key ?? property).value === name);
        const [consequence = ''] = value('consequence');
        if (has('consequence')) {
          const what = node.properties.find((property: Node) => (property.key ?? property).value === 'what');
          const texts = textsOf(what?.value?.type ? what.value : what, values);
          if (what && texts.length === 0) throw new Error(`${file}: a message whose text is not found`);
          add(texts, consequence);
        } else if (
          node.properties.some((property: Node) => property.key?.value === 'severity') ||
          value('title').length > 0
        )
          add(value('message'));
      }
      if (
        ALL_SENTENCES.test(file) &&
        (node.type === 'TemplateLiteral' || (node.type === 'StringLiteral' && file !== 'config/file.ts'))
      )
        add(
          textsOf(node).filter(
            (text) =>
              SENTENCE.test(text.trim()) &&
              (text.match(/ /g) ?? []).length >= (text.startsWith('Input "') ? 3 : 4),
          ),
        );
      // A consequence, a description or a remedy is not a message.
      if (node.type === 'KeyValueProperty' && /^(?:consequence|description|remedy)$/.test(node.key?.value))
        return;
      if (node.type === 'KeyValueProperty' && node.key?.value === 'problem')
        add(textsOf(node.value), '', 'Refused');
      // Texts of findings.
      if (node.type === 'ReturnStatement' && /^(?:report\/words|run\/reporting\/sentences)\.ts$/.test(file))
        add(
          textsOf(node.argument).filter((text) =>
            /\bis not live\b|shipped together on|from merge to live\.|error budget|^The deployment of|^No verdict|^(?:Slipping|On target):|changes? takes? |^… more: /i.test(
              text,
            ),
          ),
        );
      for (const child of Object.values(node)) visit(child);
    };
    const { body } = parseSync(readFileSync(join(folder, file), 'utf8'), {
      syntax: 'typescript',
      target: 'es2022',
    });
    const values = valuesIn(body);
    visit(body);
  }
  for (const text of optionErrors())
    messages.push({ file: 'config/option-types.ts', error: 'GuardError', text, consequence: '' });
  // A text that is also found as a sentence keeps the class of its error.
  const byText = new Map<string, Message>();
  for (const message of messages) {
    const key = `${message.file} ${message.text}`;
    if (!byText.get(key)?.error) byText.set(key, message);
  }
  return [...byText.values()];
}
