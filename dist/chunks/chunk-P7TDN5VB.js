function x(t,n){let e=t.replaceAll(`\r
`,`
`),i=[n.begin,...n.former].map(g=>d(e,g)).filter(g=>g>=0),r=Math.max(0,...i),s=d(e,n.end,r),o=s<0&&n.signature?d(e,n.signature,r,!0):s;if(i.length===0&&o<0||i.length===0&&s<0&&p(e))return null;let l=o<0?e.length:c(e,o),u=i.length>0?Math.min(...i):h(e,n.kind,l);return f(e.slice(u,l),n.guard)?null:{before:e.slice(0,u),text:e.slice(u,l),after:e.slice(l)}}var a=/^<!-- guard: (\S*) (\S*) -->$/m;function f(t,n){let[e,i,r]=a.exec(t)??[];return n!==null&&e!==void 0&&i!==n.id&&r!==n.settings}function p(t,n){return[...t.matchAll(/^<!-- deploy-latency-guard (\w+) (?:service=\S+ )?environment=\S+ source=\S+ base=\S+ -->\r?$/gm)].some(([,i])=>n===void 0||i===n)}function h(t,n,e){return[...t.slice(0,e).matchAll(/^<!-- (?!\/)(?:deploy-latency-guard (\w+) .*|(?:guard|weeks|alerts): .*) -->$/gm)].find(([,r])=>r===void 0||r===n)?.index??e}function d(t,n,e=0,i=!1){for(let r=t.indexOf(n,e);r>=0;r=t.indexOf(n,r+1))if((r===0||t[r-1]===`
`)&&(i||c(t,r)===r+n.length))return r;return-1}var c=(t,n)=>{let e=t.indexOf(`
`,n);return e<0?t.length:e};function m({before:t,after:n},e){let i=t===""||t.endsWith(`
`)?"":`

`;return`${t}${i}${e.trimEnd()}${n}`}function b(t,{begin:n,end:e,former:i,signature:r}){let s=new Set([n,e,...i]);return t.replaceAll(`\r
`,`
`).split(`
`).filter(o=>!s.has(o)&&!(r&&o.startsWith(r))).join(`
`)}export{x as a,p as b,m as c,b as d};
