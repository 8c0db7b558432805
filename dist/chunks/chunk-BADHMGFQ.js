import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import*as o from"child_process";import*as s from"util";var c=s.promisify(o.exec);export{c as a};
