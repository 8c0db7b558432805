import { performOrganization } from '../organization/perform.ts';
import { runStep } from './runner.ts';

runStep('organization input', performOrganization);
