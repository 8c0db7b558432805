import{n as f}from"./chunk-GD4FLQID.js";var B=1048576,E=65536,_=10,u="\u200B";function $(n){return j(A(n).replace(/[@#]/g,`$&${u}`).replace(/GH-(?=\d)/gi,`$&${u}`).replace(/:(?=\/\/)/g,`:${u}`).replace(/www(?=\.)/gi,`$&${u}`).replace(/:(?=[a-z+-][\w+-]*:)/gi,`:${u}`).replace(/(?<![0-9a-f])(?=[0-9]*[a-f])(?=[a-f]*[0-9])([0-9a-f]{6})(?=[0-9a-f])/gi,`$1${u}`))}var A=n=>n.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu," ").replace(/\s+/g," "),j=n=>n.replace(/[\\`*_[\]~|$!]/g,"\\$&").replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))/,(s,t,a)=>/\d/.test(a)?`${t}${a}\\`:`${t}\\${a}`),H=/^[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/,R=/\/(?:pull|issues|discussions|commit)\//;function Z(n){let s=t=>{if(typeof t=="string")return $(t);let o=t.href!==void 0&&!(n==="thread"&&R.test(t.href))?L(t.text,t.href??""):$(t.text);return t.strong&&o.trim()!==""?`**${o}**`:o};return t=>t.map(s).join("")}function L(n,s){return/^https?:\/\/[\w.:/\-~%@+,=&?#]+$/.test(s)?`[${j(A(n))}](${s.replace(/&/g,"&amp;")})`:$(n)}function C(n,s){let t=(s.limit??(s.surface==="summary"?B:E))-1,a=Z(s.surface),o=e=>`| ${e.map(i=>a(i).trim()||" ").join(" | ")} |`,I=(e,i)=>{let r=e.rows.length-i.length,l=[o(e.columns.map(d=>[d.title])),`| ${e.columns.map(d=>d.align==="right"?"---:":"---").join(" | ")} |`],g=i.slice(_),c=i.length>0||r===0?[[...l,...i.slice(0,_)].join(`
`)]:[];return g.length>0&&c.push(x(`${f(g.length,`more ${e.noun}`)}`,[...l,...g].join(`
`))),r>0&&c.push(`_${f(r,`older ${e.noun}`)} left out, to stay below GitHub's limit. The report has all._`),c.join(`

`)},S=(e,i)=>{switch(e.kind){case"table":return I(e,i(e));case"heading":return`${"#".repeat(e.level)} ${a(e.text)}`;case"paragraph":return a(e.text);case"note":return`<sub>${a(e.text)}</sub>`;case"list":return e.items.map(r=>`- ${a(r)}`).join(`
`);case"figure":return"";case"figures":return e.items.map(({name:r,value:l})=>`${a([r])}: ${a([l])}`).join(", ");case"mermaid":return`\`\`\`mermaid
${e.source.replaceAll("`","")}
\`\`\``;case"code":return`\`\`\`${e.language}
${e.text.replaceAll("`","")}
\`\`\``;case"details":return x(e.summary,h(e.blocks,i));case"mention":return`cc ${e.handles.filter(r=>H.test(r)).map(r=>`@${r}`).join(" ")}`}},h=(e,i)=>e.map(r=>S(r,i)).join(`

`),m=e=>[s.marker?.begin,h(n,e),s.marker?.end,""].filter(i=>i!==void 0).join(`
`),w=m(e=>e.rows.map(o));if(p(w)<=t)return w;let y=t-p(m(()=>[]))-T(n)*M;return m(e=>{let i=y/2,r=[],l=0;for(let g of e.oldestFirst?e.rows.toReversed():e.rows){let c=o(g);if(l+p(c)+1>i)break;l+=p(c)+1,r.push(c)}return y-=l,e.oldestFirst?r.reverse():r})}var p=n=>Buffer.byteLength(n,"utf8"),M=500,x=(n,s)=>`<details><summary>${O(n)}</summary>

${s}

</details>`,O=n=>n.replace(/\s+/g," ").replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replace(/[@#]/g,"$&\u200B");function T(n){return n.reduce((s,t)=>s+(t.kind==="table"?1:t.kind==="details"?T(t.blocks):0),0)}export{B as a,E as b,C as c};
