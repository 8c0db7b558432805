import{a as t,b as o}from"./chunk-CR2ZAITR.js";function l(n){return e([t.map(({name:r})=>r),...o(n)])}function e(n){return n.map(r=>`${r.map(i).join(",")}\r
`).join("")}function i(n){if(n===null)return"";if(typeof n!="string")return String(n);let r=/^[=+\-@\t\r]/.test(n)?`'${n}`:n;return/[",\r\n]/.test(r)?`"${r.replaceAll('"','""')}"`:r}export{l as a,e as b};
