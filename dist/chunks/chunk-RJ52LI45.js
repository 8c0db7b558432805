import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
var o="0.1.0";export{o as a};
