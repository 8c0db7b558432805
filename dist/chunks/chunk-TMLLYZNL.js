import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
var o=class extends Error{name="GuardError"};function p(e,n=200){let r=e.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu," ").replace(/\s+/g," ").trim(),t=[...r];return t.length>n?`${t.slice(0,n-1).join("")}\u2026`:r}export{o as a,p as b};
