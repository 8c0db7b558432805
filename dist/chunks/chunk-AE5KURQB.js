import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
function l(r,t){let[e="",...n]=r.split("*");if(n.length===0)return t===r;let o=n.pop()??"";if(!t.startsWith(e))return!1;let s=e.length;for(let f of n){let i=t.indexOf(f,s);if(i===-1)return!1;s=i+f.length}return t.length-s>=o.length&&t.endsWith(o)}export{l as a};
