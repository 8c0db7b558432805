import{a as t,b as o}from"./chunk-Z2D2XHYH.js";function p(r){return e([t.map(({name:n})=>n),...o(r)])}function e(r){return r.map(n=>`${n.map(i).join(",")}\r
`).join("")}function i(r){if(r===null)return"";if(typeof r!="string")return String(r);let n=/^[=+\-@\t\r]/.test(r)?`'${r}`:r;return/[",\r\n]/.test(n)?`"${n.replaceAll('"','""')}"`:n}export{p as a,e as b};
