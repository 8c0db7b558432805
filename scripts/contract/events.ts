/**
 * The events that the tests read, against what is published of their forms: CloudEvents by the JSON Schema that its own SDK
 * carries; CDEvents by the schemas of its specification, and bodies of DevLake's webhook by its description, from a folder
 * that EVENT_SCHEMAS names, as no registry has them: `servicedeployed.json`, `serviceupgraded.json`, `servicerolledback.json`,
 * `devlake.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CloudEvent } from 'cloudevents';
import { CD_EVENTS, CUSTOM_DATA, cdEvent, cloudEvent, devlakeBody } from '../../__tests__/support/events.ts';

/** @returns what is not as published, a line each. */
export function againstEventSchemas(folder = process.env.EVENT_SCHEMAS): string[] {
  const faults: string[] = [];
  try {
    // Strict by default: it throws where the event is not valid.
    new CloudEvent(cloudEvent());
    console.log('CloudEvents 1.0: 1 event');
  } catch (error) {
    faults.push(`CloudEvents: ${String(error)} ${JSON.stringify((error as { errors?: unknown }).errors)}`);
  }
  if (!folder) {
    console.log('CDEvents, DevLake: EVENT_SCHEMAS names no folder of their schemas');
    return faults;
  }
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  const against = (name: string, all: readonly object[]) => {
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) return void faults.push(`${file} is not there`);
    const valid = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
    for (const each of all)
      if (!valid(each)) faults.push(`${name}: ${ajv.errorsText(valid.errors)} (${JSON.stringify(each)})`);
    console.log(`${name}: ${all.length} of them`);
  };
  for (const kind of CD_EVENTS)
    against(`service${kind}`, [cdEvent(kind), ...CUSTOM_DATA.map((each) => cdEvent(kind, each))]);
  against('devlake', [devlakeBody()]);
  return faults;
}
