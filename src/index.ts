/**
 * For code that runs the guard itself: its story over services, how a door prepares it, what the report holds, and what a deploy
 * source is. The bundle starts at `src/entries/`.
 */
export { planOf } from './config/plan.ts';
export type { Surroundings } from './config/surroundings.ts';
export type { Service } from './model/service.ts';
export type { Report } from './report/contract.ts';
export { prepare, type RunContext } from './run/context.ts';
export type { Answer } from './run/answer.ts';
export { run } from './run/run.ts';
export type { DeploySource, SourceInput, SourceIO } from './sources/source.ts';
