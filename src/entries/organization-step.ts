import { performMany } from '../organization/in-action.ts';
import { runStep } from './runner.ts';

runStep('organization input', performMany);
