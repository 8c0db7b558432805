/**
 * Validates the events in the tests against published schemas. The SDK of CloudEvents contains its schema. The schemas of
 * CDEvents and DevLake's webhook are in no registry, so EVENT_SCHEMAS names a folder with them: `servicedeployed.json`,
 * `serviceupgraded.json`, `servicerolledback.json` and `devlake.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CloudEvent } from 'cloudevents';
import { CD_EVENTS, CUSTOM_DATA, cdEvent, cloudEvent, devlakeBody } from '../../__tests__/support/events.ts';

/** @returns a line for each violation. */
export function againstEventSchemas(folder = process.env.EVENT_SCHEMAS): string[] {
  const faults: string[] = [];
  try {
    // Throws if the event is invalid.
    new CloudEvent(cloudEvent());
    console.log('CloudEvents 1.0: 1 event');
  } catch (error) {
    faults.push(`CloudEvents: ${String(error)} ${JSON.stringify((error as { errors?: unknown }).errors)}`);
  }
  if (!folder) {
    console.log('CDEvents and DevLake were not checked: EVENT_SCHEMAS is not set.');
    return faults;
  }
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  const against = (name: string, events: readonly object[]) => {
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) return void faults.push(`${file} does not exist`);
    const valid = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
    for (const event of events)
      if (!valid(event)) faults.push(`${name}: ${ajv.errorsText(valid.errors)} (${JSON.stringify(event)})`);
    console.log(`${name}: ${events.length} events`);
  };
  for (const kind of CD_EVENTS)
    against(`service${kind}`, [cdEvent(kind), ...CUSTOM_DATA.map((data) => cdEvent(kind, data))]);
  against('devlake', [devlakeBody()]);
  return faults;
}
