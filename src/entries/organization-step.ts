import { performOrganization } from '../organization/perform-organization.ts';
import { runStep } from './runner.ts';

runStep('organization input', performOrganization);
