import { performMany } from '../organization/in-action.ts';
import { runStep } from './runner.ts';

/** The door of the action for organizations. */

runStep('organization input', performMany);
